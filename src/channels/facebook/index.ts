import type { Channel } from '../channel.ts'
import { check } from './check.ts'
import { fetchFile, MOST_FILE_BYTES } from './fetch.ts'
import { webhook } from './hook.ts'
import { readEnvelope } from './read.ts'
import { reconcile } from './reconcile.ts'
import { sender } from './send.ts'
import { FacebookSettings } from './settings.ts'
import { nameOf } from './who.ts'

/** A page: what people write to it in Messenger, under its posts and on its wall; answered where they wrote. */
export const facebook: Channel<FacebookSettings> = {
  kind: 'facebook',
  settings: FacebookSettings,
  secrets: ['pageToken', 'appSecret', 'verifyToken'],
  intakes: [webhook],
  read: readEnvelope,
  maxAnswerBytes: MOST_FILE_BYTES,
  fetchFile,
  nameOf,
  reconcile,
  send: sender,
  check,
}
