import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestServer, testServer } from '../../../test/support/server.ts'
import { eraseReporter } from '../../core/reading/erase.ts'

const REPORT = { name: 'Lò Văn Mẫu', phone: '+84 912 345 678', content: 'Hố ga mất nắp ở xã Mường Nhé, gọi Lò Văn Mẫu' }
const HOUR = 3600_000

let t: TestServer
beforeAll(async () => {
  t = await testServer()
})
afterAll(() => t.close())

interface Sent {
  readonly code: string
  readonly key: string
}

async function sendOne(report: object = REPORT): Promise<Sent> {
  const answer = await fetch(`${t.url}/api/v1/reports`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(report),
  })
  const { code, link } = (await answer.json()) as { code: string; link: string }
  return { code, key: new URL(link).searchParams.get('key')! }
}

interface Opened {
  readonly status: number
  readonly body: unknown
  readonly headers: Readonly<Record<string, string>>
  readonly ms: number
}

async function open(code: string, by: Readonly<Record<string, string>>, language = 'vi'): Promise<Opened> {
  const started = performance.now()
  const answer = await fetch(`${t.url}/api/v1/reports/${encodeURIComponent(code)}?${new URLSearchParams(by)}`, {
    headers: { 'accept-language': language },
  })
  const body: unknown = await answer.json()
  const { date: _, ...headers } = Object.fromEntries(answer.headers)
  return { status: answer.status, body, headers, ms: performance.now() - started }
}

const byPhone = (code: string, phone = '5678') => open(code, { phone })

describe('the reporter’s view', () => {
  it('says what became of the report, in the language asked for, and not who sent it', async () => {
    const { code } = await sendOne()
    expect(await byPhone(code)).toMatchObject({ status: 200, body: { status: 'received', title: null, notices: [] } })
    await t.work()
    const { status, body, headers } = await byPhone(code)
    expect([status, headers['cache-control']]).toEqual([200, 'no-store'])
    expect(body).toEqual({
      code,
      receivedAt: '2026-10-19T02:00:00.000Z',
      // Assigned, and no office has it: nobody is told that it was forwarded.
      status: 'dispatching',
      statusText: 'Đang chuyển',
      rating: {
        open: false,
        given: null,
        scale: [
          { id: 'satisfied', name: 'Hài lòng' },
          { id: 'acceptable', name: 'Chấp nhận được' },
          { id: 'not-satisfied', name: 'Không hài lòng' },
        ],
      },
      consents: [],
      title: 'Hố ga mất nắp ở xã Mường Nhé, gọi ●●●',
      notices: [
        {
          event: 'received',
          at: t.clock.now().toISOString(),
          text: 'Đã tiếp nhận phản ánh ngày 19/10/2026.',
          files: [],
        },
      ],
    })
    const english = await open(code, { phone: '5678' }, 'en')
    expect(english.body).toMatchObject({
      statusText: 'Being forwarded',
      notices: [{ text: 'Your report was received on 19/10/2026.' }],
    })
  })

  it.each<[string, (code: string) => string]>([
    ['small letters', (code) => code.toLowerCase()],
    ['blanks', (code) => code.replaceAll('-', ' ')],
    ['nothing between', (code) => code.replaceAll('-', '')],
    ['the dashes of a word processor', (code) => ` ${code.replaceAll('-', '–')} `],
  ])('opens however the code is typed: with %s', async (_, typed) => {
    const { code } = await sendOne()
    expect(await byPhone(typed(code))).toMatchObject({ status: 200, body: { code } })
    expect(await byPhone(code, ' 5678 ')).toMatchObject({ status: 200, body: { code } })
  })
})

describe('what is not opened', () => {
  it('looks alike, whether unknown, wrong, closed or erased', async () => {
    const [one, other, closed, erased] = await Promise.all([sendOne(), sendOne(), sendOne(), sendOne()])
    await t.work()
    await eraseReporter(t.ports, 'system', { code: erased.code, why: 'asked for' })
    await Promise.all(Array.from({ length: 5 }, () => byPhone(closed.code, '0000')))
    const tries = await Promise.all([
      byPhone('DB-26-2222-2222'),
      byPhone('nonsense'),
      byPhone('\u0000'),
      byPhone(one.code, '0000'),
      byPhone(one.code, '0912345678'),
      open(one.code, {}),
      open(one.code, { key: other.key }),
      open(one.code, { key: '' }),
      byPhone(closed.code),
      byPhone(erased.code),
      open(erased.code, { key: erased.key }),
    ])
    const [{ ms: _, ...first }] = tries as [Opened, ...Opened[]]
    expect(first).toMatchObject({ status: 404, body: { type: 'urn:paht:problem:not-found' } })
    for (const { ms, ...rest } of tries) {
      expect(rest).toEqual(first)
      expect(ms).toBeGreaterThan(399)
    }
  })
})

describe('five wrong tries within an hour', () => {
  it('close a report to digits and leave it open to its link, until the hour is over', async () => {
    const { code, key } = await sendOne()
    await Promise.all(Array.from({ length: 5 }, (_, i) => byPhone(code, `000${i}`)))
    expect((await byPhone(code)).status).toBe(404)
    expect((await open(code, { key })).status).toBe(200)
    t.clock.move(HOUR - 1)
    expect((await byPhone(code)).status).toBe(404)
    t.clock.move(1)
    expect((await byPhone(code)).status).toBe(200)
  })

  it('are five also when fifty come at once', async () => {
    const { code } = await sendOne()
    const digits = Array.from({ length: 50 }, (_, i) => String(5629 + i).padStart(4, '0')) // the last is right
    const opened = await Promise.all([...digits.slice(0, -1)].map((phone) => byPhone(code, phone)))
    expect(opened.every(({ status }) => status === 404)).toBe(true)
    expect((await byPhone(code, digits.at(-1))).status).toBe(404)
  })

  it('are not made of right ones', async () => {
    const { code, key } = await sendOne()
    for (let i = 0; i < 7; i++) expect((await byPhone(code)).status).toBe(200)
    for (let i = 0; i < 7; i++) expect((await open(code, { key })).status).toBe(200)
    await Promise.all(Array.from({ length: 4 }, () => byPhone(code, '0000')))
    expect((await byPhone(code)).status).toBe(200)
  })

  it('close only the report that was tried', async () => {
    const [one, other] = await Promise.all([sendOne(), sendOne()])
    await Promise.all(Array.from({ length: 5 }, () => byPhone(one.code, '0000')))
    expect((await byPhone(other.code)).status).toBe(200)
  })
})
