import { createHash, createHmac } from 'node:crypto'
import { hookForm } from '../support/twilio/message.ts'
import { sign } from '../support/twilio/sign.ts'
import { openTwilio } from '../support/twilio/twilio.ts'
import {
  type Body,
  type ChannelContract,
  momentOf,
  type Provider,
  phoneOf,
  type Said,
  type WebhookWay,
} from './contract.ts'

const ACCOUNT = `AC${'0a'.repeat(16)}`
const NUMBER = '+842873001022'
const SERVICE = `MG${'0b'.repeat(16)}`
const tokenOf = (mark: string) => `not-a-real-auth-token-${mark}`

const form = (fields: URLSearchParams): Body => ({
  bytes: Buffer.from(fields.toString()),
  type: 'application/x-www-form-urlencoded; charset=UTF-8',
})

/** Twilio's ids are 32 digits of hex; what it gave itself stays as it is. */
const sidOf = (id: string): string =>
  /^[A-Z]{2}[0-9a-f]{32}$/.test(id) ? id : `SM${createHash('md5').update(id).digest('hex')}`

const messageOf = ({ id, person, text }: Said, media: Parameters<typeof hookForm>[0]['media'] = []) =>
  form(
    hookForm(
      {
        ...{ sid: sidOf(id), direction: 'inbound', from: phoneOf(person), to: NUMBER, body: text, status: 'received' },
        ...{ sentAt: momentOf(), statusCallback: null, media },
      },
      { accountSid: ACCOUNT, url: 'https://api.twilio.com' },
    ),
  )

const twilio: WebhookWay = {
  way: 'webhook',
  name: 'sms by Twilio',
  documentation: 'https://www.twilio.com/docs/messaging/guides/webhook-request',
  settings: (mark) => ({ provider: 'twilio', accountSid: ACCOUNT, authToken: tokenOf(mark), number: NUMBER }),
  sign: ({ bytes }, { url, mark }) => ({
    'x-twilio-signature': sign(tokenOf(mark), url, new URLSearchParams(bytes.toString())),
  }),
  report: (said) => messageOf(said),
  words: {
    edit: 'never',
    more: 'never',
    deletion: 'never',
    receipt: (providerId) =>
      form(
        new URLSearchParams({
          ...{ SmsSid: sidOf(providerId), SmsStatus: 'delivered', MessageStatus: 'delivered', To: phoneOf(1) },
          ...{ MessageSid: sidOf(providerId), AccountSid: ACCOUNT, From: NUMBER, ApiVersion: '2010-04-01' },
        }),
      ),
    batch: 'never',
    file: (said) => messageOf(said, [{ sid: `ME${'0c'.repeat(16)}`, type: 'image/jpeg', bytes: Buffer.alloc(0) }]),
    goesOn: true,
  },
  provider: async (): Promise<Provider> => {
    const opened = await openTwilio({
      ...{ port: 0, accountSid: ACCOUNT, authToken: tokenOf('own'), number: NUMBER, service: SERVICE },
    })
    const url = `http://127.0.0.1:${opened.port}`
    const ask = async (path: string, what: object): Promise<unknown> => {
      const headers = { 'content-type': 'application/json' }
      return (await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(what) })).json()
    }
    return {
      settings: { ...twilio.settings('own'), apiUrl: url, allow: ['127.0.0.0/8'] },
      keeps: async ({ person, text }, at) => {
        const message = { from: phoneOf(person), body: text, at: at.toISOString() }
        return ((await ask('/receive', message)) as { sid: string }).sid
      },
      admits: (it) => ask('/control', { down: it ? null : '503' }),
      close: () => opened.close(),
    }
  },
}

const secretOf = (mark: string) => `not-a-real-secret-${mark}`

const gateway: WebhookWay = {
  way: 'webhook',
  name: 'sms by a gateway',
  documentation: '../src/channels/sms/README.md#2-a-gateway',
  settings: (mark) => ({
    ...{ provider: 'gateway', hook: 'hmac-sha256', hookHeader: 'x-signature', hookSecret: secretOf(mark) },
    fields: { id: 'data.id', from: 'data.from', text: 'data.text' },
  }),
  sign: ({ bytes }, { mark }) => ({
    'x-signature': createHmac('sha256', secretOf(mark)).update(bytes).digest('hex'),
  }),
  report: ({ id, person, text }) => ({
    bytes: Buffer.from(JSON.stringify({ data: { id, from: phoneOf(person), text } })),
    type: 'application/json',
  }),
  words: {
    ...{ edit: 'never', more: 'never', deletion: 'never', receipt: 'never', batch: 'never', file: 'never' },
    goesOn: true,
  },
  provider: 'never',
}

export const sms: ChannelContract = {
  about: {
    receives: 'text messages; photos by MMS (Twilio)',
    verifies:
      '`X-Twilio-Signature` over the configured address and the form; of a gateway a secret in a header, or the HMAC-SHA256 of the body',
    reconciles:
      'Twilio’s list of messages since last time, five minutes over. A gateway keeps no list: what it does not send again is lost',
    sends: 'one sentence with code and link, without accents unless the source says otherwise; an answer with its text',
    limits:
      '160 letters (153 in each of several), 70 (67) with accents; 1600 characters (Twilio), `maxSegments` (a gateway); `dailyCap` messages a day to one number',
  },
  ways: [twilio, gateway],
}
