import { createHmac } from 'node:crypto'
import { type Body, type ChannelContract, momentOf, phoneOf, type Said } from './contract.ts'

const secretOf = (mark: string) => `not-a-real-secret-${mark}`

const json = (value: unknown): Body => ({ bytes: Buffer.from(JSON.stringify(value)), type: 'application/json' })
const talk = (text: string) => [
  { speaker: 'ĐTV', text: 'Đường dây nóng xin nghe.' },
  { speaker: 'KH', text },
]
const told = ({ id, person, text }: Said, more: object = {}) => ({
  ...{ callId: id, from: phoneOf(person), startedAt: momentOf().toISOString(), turns: talk(text) },
  ...more,
})

export const hotline: ChannelContract = {
  about: {
    receives:
      'calls: who and when once it rings, transcripts (JSON, WebVTT, SubRip, text, CSV) and recordings later; what officers write down while somebody speaks',
    verifies:
      'HMAC-SHA256 of the body in `signatureHeader`; a folder by who may write to it; the form by who is signed in',
    reconciles:
      'nothing by the webhook: a call centre keeps no list that we know of. A folder keeps everything, and the cursor moves only once it is taken in',
    sends: 'nothing: a person calls back',
    limits:
      '1000 calls in one payload, 4 MB of text, 50,000 characters of a report, recordings up to 25 MB and of sound alone',
  },
  ways: [
    {
      way: 'webhook',
      name: 'a call centre',
      documentation: '../src/channels/hotline/README.md#2-what-the-call-centre-sends',
      settings: (mark) => ({ secret: secretOf(mark), recordingHosts: ['pbx.example'] }),
      sign: ({ bytes }, { mark }) => ({
        'x-signature': createHmac('sha256', secretOf(mark)).update(bytes).digest('hex'),
      }),
      report: (said) => json(told(said)),
      words: {
        edit: 'never',
        more: (said) => json(told(said)),
        deletion: 'never',
        receipt: 'never',
        batch: (all) => json(all.map((said) => told(said))),
        file: (said) =>
          json(
            told(said, {
              recordingUrl: `https://pbx.example/${said.id}_${phoneOf(said.person).replace('+84', '0')}.mp3`,
            }),
          ),
        goesOn: false,
      },
      provider: 'never',
    },
    {
      way: 'listener',
      name: 'a folder of a call centre',
      documentation: '../src/channels/hotline/README.md#2-what-the-call-centre-sends',
      settings: (mark) => ({ secret: secretOf(mark), folder: '/srv/calls' }),
      report: (said) => ({ ...json(told(said)), event: `file:${said.id}.json:${'0'.repeat(64)}` }),
    },
    {
      way: 'form',
      name: 'what an officer writes down',
      documentation: '../openapi.json',
      settings: (mark) => ({ secret: secretOf(mark) }),
      path: '/api/v1/calls',
      signed: 'as-officer',
      report: ({ person, text }, source) => ({ source, phone: phoneOf(person), content: text }),
    },
  ],
}
