import { createHash } from 'node:crypto'
import { ZALO } from '../support/zalo/account.ts'
import { type Body, type ChannelContract, momentOf, type Said } from './contract.ts'

const secretOf = (mark: string) => `${ZALO.secretKey}-${mark}`
const TIMESTAMP = String(momentOf().getTime())
const userOf = (person: number) => `65123456789${String(person).padStart(8, '0')}`

const event = (name: string, given: object): Body => ({
  bytes: Buffer.from(JSON.stringify({ event_name: name, app_id: ZALO.appId, ...given, timestamp: TIMESTAMP })),
  type: 'application/json',
})
const messageOf = (name: string, { id, person, text }: Said, more: object = {}) =>
  event(name, {
    ...{ sender: { id: userOf(person) }, recipient: { id: ZALO.oaId } },
    message: { text, msg_id: id, ...more },
  })

export const zalo: ChannelContract = {
  about: {
    receives:
      'messages to the Official Account: text, photos, films, recordings, files, places, links; word that a message of ours arrived or was seen',
    verifies: '`X-ZEvent-Signature`: SHA-256 of app id, body, timestamp and the account’s secret key',
    reconciles:
      'nothing: Zalo keeps no list, and comes again for twelve hours. The daily look uses the refresh token, so that it does not end unused',
    sends: 'one sentence with code and link; an answer with its text',
    limits:
      '`windowHours` after they wrote (seven days at most), 2000 characters in a message; `dailyCap` messages a day to one person',
  },
  ways: [
    {
      way: 'webhook',
      name: 'zalo',
      documentation:
        'https://developers.zalo.me/docs/official-account/webhook/tin-nhan/su-kien-nguoi-dung-gui-tin-nhan',
      settings: (mark) => ({
        ...ZALO,
        ...{ secretKey: secretOf(mark), appSecret: `${ZALO.appSecret}-${mark}` },
        refreshToken: `${ZALO.refreshToken}-${mark}`,
      }),
      sign: ({ bytes }, { mark }) => ({
        'x-zevent-signature': `mac=${createHash('sha256')
          .update(ZALO.appId)
          .update(bytes)
          .update(TIMESTAMP)
          .update(secretOf(mark))
          .digest('hex')}`,
        'x-zevent-timestamp': TIMESTAMP,
      }),
      report: (said) => messageOf('user_send_text', said),
      words: {
        ...{ edit: 'never', more: 'never', deletion: 'never', batch: 'never' },
        receipt: (providerId) =>
          event('user_received_message', {
            ...{ sender: { id: ZALO.oaId }, recipient: { id: userOf(1) } },
            message: { msg_id: providerId },
          }),
        file: (said) =>
          messageOf('user_send_image', said, {
            attachments: [{ type: 'image', payload: { url: 'https://f9-zpc.zdn.vn/jpg/3512746/a.jpg' } }],
          }),
        goesOn: true,
      },
      provider: 'never',
    },
  ],
}
