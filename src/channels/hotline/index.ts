import { access, constants } from 'node:fs/promises'
import { fault } from '../../core/fault.ts'
import type { Channel } from '../channel.ts'
import { listener } from './folder.ts'
import { form } from './form.ts'
import { hook } from './hook.ts'
import { readCalls } from './read.ts'
import { fetchRecording, MOST_RECORDING_BYTES } from './recording.ts'
import { HotlineSettings } from './settings.ts'

/** A telephone number that people call: what its call centre tells of the calls, and what officers write down. The way back is a person who calls. */
export const hotline: Channel<HotlineSettings> = {
  kind: 'hotline',
  attended: true,
  settings: HotlineSettings,
  secrets: ['secret', 'recordingAuthorization'],
  intakes: [form, hook, listener],
  read: readCalls,
  maxAnswerBytes: MOST_RECORDING_BYTES,
  fetchFile: fetchRecording,
  check: async ({ settings: { folder, secret } }) => {
    const readable = folder === undefined || (await access(folder, constants.R_OK | constants.X_OK).then(yes, no))
    if (!readable) return fault('config', 'The folder is not there, or may not be read')
    const ways = [...(secret === undefined ? [] : ['its webhook']), ...(folder === undefined ? [] : ['its folder'])]
    return { ok: true, note: `takes calls from ${['officers', ...ways].join(', ')}` }
  },
}

const yes = () => true
const no = () => false
