import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { envelope, readOne, TWILIO } from '../../../../test/support/sms.ts'
import { makeCode } from '../../../normalize/code.ts'
import type { Item } from '../../channel.ts'
import { sms } from '../index.ts'
import { SmsSettings } from '../settings.ts'

const SETTINGS = SmsSettings.parse(TWILIO)
const SM = `SM${'1f'.repeat(16)}`
const CODE = makeCode({ prefix: 'DB', year: 2026, random: () => 5 })
const MM = `MM${'2e'.repeat(16)}`

/** The parameters that https://www.twilio.com/docs/messaging/guides/webhook-request lists, in the order in which they come. */
const INCOMING = `ToCountry=VN&ToState=&SmsMessageSid=${SM}&NumMedia=0&ToCity=&FromZip=&SmsSid=${SM}&FromState=&SmsStatus=received&FromCity=&Body=%C4%90%C6%B0%E1%BB%9Dng+h%E1%BB%8Fng+%C4%91o%E1%BA%A1n+km+12%2B300+QL12+%F0%9F%9A%A7&FromCountry=VN&To=%2B842873001022&MessagingServiceSid=&ToZip=&NumSegments=1&MessageSid=${SM}&AccountSid=${TWILIO.accountSid}&From=%2B84912345678&ApiVersion=2010-04-01`
const MEDIA = `https://api.twilio.com/2010-04-01/Accounts/${TWILIO.accountSid}/Messages/${MM}/Media/ME1`

const form = (fields: Record<string, string>): string => new URLSearchParams(fields).toString()
const from = (number: string, text = 'Duong hong'): string => form({ MessageSid: SM, From: number, Body: text })

describe('a message', () => {
  it('as the documents show it', async () => {
    expect(await readOne(INCOMING, TWILIO)).toEqual({
      item: 'submitted',
      event: SM,
      keys: [SM],
      sender: { phone: '+84912345678' },
      content: 'Đường hỏng đoạn km 12+300 QL12 🚧',
      identitySecret: false,
      contentSecret: false,
      files: [],
      talk: '+84912345678',
    })
  })

  it.each<readonly [what: string, body: string, holds: object]>([
    [
      'photos alone',
      form({
        ...{ SmsSid: MM, SmsMessageSid: MM, MessageSid: MM, From: '+84912345678', Body: '', NumMedia: '3' },
        ...{
          MediaUrl0: MEDIA,
          MediaContentType0: 'image/jpeg',
          MediaUrl1: `${MEDIA}1`,
          MediaContentType1: 'video/3gpp',
        },
        ...{ MediaUrl2: `${MEDIA}2`, MediaContentType2: '../../etc' },
      }),
      {
        item: 'submitted',
        content: '',
        remote: [
          { ref: MEDIA, name: 'mms-1.jpg' },
          { ref: `${MEDIA}1`, name: 'mms-2.3gpp' },
          { ref: `${MEDIA}2`, name: 'mms-3.bin' },
        ],
      },
    ],
    ['a number of another country', from('+85620123456'), { item: 'submitted', sender: { phone: '+85620123456' } }],
    [
      'the code of a report',
      from('+84912345678', `${CODE.toLowerCase()} van hong`),
      { answers: { tokens: [], codes: [CODE] } },
    ],
    ['a bank', from('VIETCOMBANK'), { item: 'ignored', reason: 'no-phone', as: { item: 'submitted', sender: {} } }],
    ['a short number', from('8099'), { item: 'ignored', reason: 'no-phone' }],
    ['no sender', form({ MessageSid: SM, Body: 'x' }), { item: 'ignored', reason: 'no-phone' }],
    ['nothing in it', from('+84912345678', ' \n'), { item: 'ignored', reason: 'empty' }],
    ['only an emoji', from('+84912345678', '😡'), { item: 'submitted', content: '😡' }],
    ['two ids', form({ MessageSid: MM, SmsSid: SM, From: '+84912345678', Body: 'x' }), { event: MM, keys: [MM, SM] }],
    ['the old name alone', form({ SmsSid: SM, From: '+84912345678', Body: 'x' }), { event: SM, keys: [SM] }],
    [
      'a word that Twilio took for one of its own',
      `${from('+84912345678', 'ngung')}&OptOutType=STOP`,
      { item: 'ignored', reason: 'opt-out' },
    ],
    ['who wants to hear again', `${from('+84912345678', 'START')}&OptOutType=START`, { reason: 'opt-in' }],
    ['a cry for help', `${from('+84912345678', 'HELP')}&OptOutType=HELP`, { item: 'submitted', content: 'HELP' }],
  ])('with %s', async (_, body, holds) => {
    expect(await readOne(body, TWILIO)).toMatchObject(holds)
  })

  it.each(['STOP', 'stop.', 'TU CHOI', 'Từ chối', 'TỪ CHỐI!', 'Từ  chối'.normalize('NFD'), 'tc'])(
    '%s: no more',
    async (text) => {
      expect(await readOne(from('+84912345678', text), TWILIO)).toMatchObject({
        item: 'ignored',
        reason: 'opt-out',
        as: { sender: { phone: '+84912345678' }, content: text },
      })
    },
  )

  it.each(['UBND xã từ chối tiếp nhận', 'stop xe giữa đường', 'Tu choi 1022'])('%s: a report', async (text) => {
    expect(await readOne(from('+84912345678', text), TWILIO)).toMatchObject({ item: 'submitted' })
  })
})

/** https://www.twilio.com/docs/messaging/guides/outbound-message-status-in-status-callbacks */
describe('a word about a message of ours', () => {
  it.each<readonly [status: string, code: string, receipt: string, text: string]>([
    ['queued', '', 'delayed', 'queued'],
    ['sent', '', 'delayed', 'sent'],
    ['delivered', '', 'delivered', 'delivered'],
    ['undelivered', '30005', 'bounced', 'undelivered, error 30005'],
    ['failed', '30006', 'bounced', 'failed, error 30006'],
    ['canceled', '', 'bounced', 'canceled'],
    ['read', '', 'read', 'read'],
    ['something-new', 'x', 'delayed', 'something-new'],
  ])('%s', async (status, code, receipt, text) => {
    const body = form({
      ...{ SmsSid: SM, SmsStatus: status, MessageStatus: status, To: '+84912345678', MessageSid: SM },
      ...{ AccountSid: TWILIO.accountSid, From: TWILIO.number, ApiVersion: '2010-04-01', ErrorCode: code },
    })
    const event = `${SM}:${status}`
    expect(await readOne(body, TWILIO)).toEqual({
      ...{ item: 'receipt', event, keys: [event], receipt, tokens: [], providerIds: [SM], text },
    })
  })
})

describe('whatever comes', () => {
  const read = (body: string | Buffer) => sms.read(envelope(body), SETTINGS)

  it.each(['', 'x', '{"MessageSid":1}', 'MessageSid=', 'MessageSid=SM1', `messagesid=${SM}`])(
    '%s is unreadable',
    async (body) => {
      expect(await read(body)).toEqual({ unreadable: 'no MessageSid' })
    },
  )

  it('a message without end is cut', async () => {
    expect((await readOne(from('+84912345678', 'a'.repeat(60_000)), TWILIO)) as Item).toMatchObject({
      content: 'a'.repeat(10_000),
    })
  })

  it('is read the same every time, and never throws', async () => {
    const fields = fc.dictionary(
      fc.constantFrom(
        'MessageSid',
        'From',
        'Body',
        'MediaUrl0',
        'MediaContentType0',
        'MessageStatus',
        'OptOutType',
        'x',
      ),
      fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(SM, MM, '+84912345678', 'delivered', 'STOP')),
    )
    const bodies = fc.oneof(
      fc.uint8Array({ maxLength: 500 }).map((bytes) => Buffer.from(bytes)),
      fields.map((each) => Buffer.from(form({ MessageSid: SM, ...each }))),
    )
    await fc.assert(
      fc.asyncProperty(bodies, async (body) => {
        expect(await read(body)).toEqual(await read(body))
      }),
    )
  })
})
