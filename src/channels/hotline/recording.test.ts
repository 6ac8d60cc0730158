import { describe, expect, it } from 'vitest'
import { channelContext } from '../../../test/support/channel-context.ts'
import { fault } from '../../core/fault.ts'
import type { HttpAnswer, HttpCall } from '../../platform/outgoing/http.ts'
import { hotline } from './index.ts'
import { HotlineSettings } from './settings.ts'

const SETTINGS = HotlineSettings.parse({
  recordingHosts: ['pbx.example', 'files.example:8443'],
  recordingAuthorization: 'Bearer of-the-recordings',
})
const SOUND: HttpAnswer = { status: 200, headers: { 'content-type': 'audio/mpeg; x=y' }, body: Buffer.from('ID3') }

async function fetched(ref: string, answer: HttpAnswer | ReturnType<typeof fault> = SOUND) {
  const asked: HttpCall[] = []
  const http = {
    request: async (call: HttpCall) => {
      asked.push(call)
      return answer
    },
  }
  const got = await hotline.fetchFile!({ ref, name: 'ghi-am-1.mp3' }, channelContext(SETTINGS, { http }))
  return { got, asked }
}

describe('a recording', () => {
  it('is asked for as the call centre wants it', async () => {
    const { got, asked } = await fetched('https://pbx.example/1.mp3?token=x')
    expect(got).toEqual({ bytes: SOUND.body, type: 'audio/mpeg' })
    const headers = { accept: 'audio/*', authorization: 'Bearer of-the-recordings' }
    expect(asked).toEqual([{ method: 'GET', url: 'https://pbx.example/1.mp3?token=x', headers }])
    expect((await fetched('https://files.example:8443/1')).asked).toHaveLength(1)
    const m4a = { headers: { 'content-type': 'audio/mp4' }, body: Buffer.from('\0\0\0\x18ftypM4A ') }
    expect((await fetched('https://pbx.example/1', { ...SOUND, ...m4a })).got).toMatchObject({ type: 'audio/mp4' })
  })

  it.each([
    ['another host', 'https://elsewhere.example/1.mp3', 'config'],
    ['another port', 'https://pbx.example:8443/1.mp3', 'config'],
    ['a host behind a name', 'https://pbx.example@elsewhere.example/1.mp3', 'config'],
    ['a host that ends alike', 'https://not-pbx.example/1.mp3', 'config'],
    ['a file of this machine', 'file:///etc/passwd', 'rejected'],
    ['no address', 'recordings/1.mp3', 'rejected'],
    ['nothing', '', 'rejected'],
  ])('is not asked for: %s', async (_, ref, code) => {
    expect(await fetched(ref)).toMatchObject({ got: { fault: code }, asked: [] })
  })

  it.each<readonly [what: string, answer: Partial<HttpAnswer>, code: string]>([
    ['a page', { headers: { 'content-type': 'text/html' } }, 'rejected'],
    ['no type', { headers: {} }, 'rejected'],
    ['a film that calls itself sound', { body: Buffer.from('\0\0\0\x18ftypmp42') }, 'rejected'],
    ['not yet', { status: 404 }, 'unreachable'],
    ['trouble', { status: 502 }, 'unreachable'],
    ['too much at once', { status: 429 }, 'throttled'],
    ['a wrong password', { status: 401 }, 'config'],
    ['elsewhere', { status: 302 }, 'config'],
  ])('answered by %s', async (_, answer, code) => {
    expect((await fetched('https://pbx.example/1', { ...SOUND, ...answer })).got).toMatchObject({ fault: code })
  })

  it('that cannot be had says what the way out said', async () => {
    const gone = fault('unreachable', 'refused')
    expect((await fetched('https://pbx.example/1', gone)).got).toEqual(gone)
  })
})
