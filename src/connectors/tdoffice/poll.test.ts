import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { AT, LINK } from '../../../test/support/tdoffice.ts'
import { type Fault, fault, isFault } from '../../core/fault.ts'
import type { HttpAnswer, HttpCall } from '../../platform/outgoing/http.ts'
import type { ConnectorContext, Polled } from '../connector.ts'
import { poller } from './poll.ts'
import { TdofficeSettings } from './settings.ts'

const SETTINGS = TdofficeSettings.parse(LINK)

const STATUS = readFileSync(
  join(import.meta.dirname, '../../../test/support/exchange/samples/sample-status.edxml'),
  'utf8',
)

function answer(status: number, body: object = {}): HttpAnswer {
  return { status, headers: {}, body: Buffer.from(JSON.stringify(body)) }
}

const down = answer(503)
const gone = answer(404, { success: false, data: { docId: null, errorCode: '10' } })

/** An exchange with these documents, each with what `getEdoc` says of it. */
function exchange(documents: Record<string, string | HttpAnswer>, { day = '2026/11/20' } = {}) {
  const calls: HttpCall[] = []
  const request = async (call: HttpCall): Promise<HttpAnswer | Fault> => {
    calls.push(call)
    const { pathname, searchParams } = new URL(call.url)
    if (pathname === '/v1/getEdoc') {
      const document = documents[searchParams.get('docId')!]!
      return typeof document === 'object' ? document : answer(200, { success: true, data: { edxml: document } })
    }
    if (pathname !== '/v1/syncReceivedEdocList') return answer(200, { success: true, docId: 'x' })
    const inside = searchParams.get('fromDate')! <= day && day <= searchParams.get('toDate')!
    const mine = searchParams.get('messageType') === 'status' && inside ? Object.keys(documents) : []
    const data = mine.map((docId, n) => ({ docId, createdTime: `${day} 08:00:${String(n).padStart(2, '0')}` }))
    return answer(200, { success: true, data })
  }
  const ctx: ConnectorContext<TdofficeSettings> = { settings: SETTINGS, at: AT, http: { request } }
  const asked = () => calls.map(({ url }) => new URL(url).searchParams.get('docId')).filter((id) => id !== null)
  return { calls, asked, ctx, documents }
}

async function look(cursor: unknown, ctx: ConnectorContext<TdofficeSettings>): Promise<Polled> {
  const polled = await poller.poll(cursor, ctx)
  if (isFault(polled)) throw new Error(polled.message)
  // As it comes back from the database.
  return JSON.parse(JSON.stringify(polled)) as Polled
}

describe('a look', () => {
  it('finds each document once, in the order of the exchange', async () => {
    const { ctx, asked } = exchange({ a: STATUS, b: STATUS })
    const first = await look(undefined, ctx)
    expect(first.updates.map(({ event }) => event)).toEqual(['status:a', 'status:b'])
    expect(first.more).toBe(false)
    const second = await look(first.cursor, ctx)
    expect(second.updates).toEqual([])
    expect(asked()).toEqual(['a', 'b'])
    expect(second.cursor).toEqual(first.cursor)
  })

  it('takes what was listed late, around midnight', async () => {
    const before = exchange({}, { day: '2026/11/20' })
    const { cursor } = await look(undefined, { ...before.ctx, at: new Date('2026-11-20T16:59:59Z') })
    const after = exchange({ late: STATUS }, { day: '2026/11/20' })
    const { updates } = await look(cursor, { ...after.ctx, at: new Date('2026-11-20T17:00:01Z') })
    expect(updates).toHaveLength(1)
  })

  it('remembers only the days that it still looks at', async () => {
    const old = exchange({ a: STATUS }, { day: '2026/11/18' })
    const { cursor } = await look({ day: '2026-11-19', seen: [], owed: [] }, old.ctx)
    expect(cursor).toEqual({ day: '2026-11-20', seen: ['a'], owed: [] })
    expect((await look(cursor, old.ctx)).cursor).toEqual({ day: '2026-11-20', seen: [], owed: [] })
  })

  it('after a month of silence catches up week by week', async () => {
    const { ctx, calls } = exchange({ a: STATUS }, { day: '2026/11/01' })
    let cursor: unknown = { day: '2026-10-20', seen: [], owed: [] }
    const found: string[] = []
    for (let looks = 0, more = true; more; looks++) {
      const polled = await look(cursor, ctx)
      found.push(...polled.updates.map(({ event }) => event))
      cursor = polled.cursor
      more = polled.more
      expect(looks).toBeLessThan(10)
    }
    expect(found).toEqual(['status:a'])
    expect(cursor).toMatchObject({ day: '2026-11-20' })
    const days = calls.map(({ url }) => new URL(url).searchParams).filter((query) => query.has('fromDate'))
    for (const query of days) {
      const length = Date.parse(query.get('toDate')!) - Date.parse(query.get('fromDate')!)
      expect(length / 86_400_000).toBeLessThan(7)
    }
  })

  it('takes many in parts', async () => {
    const { ctx, asked } = exchange(Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`d${n}`, STATUS])))
    const first = await look(undefined, ctx)
    expect([first.updates.length, first.more]).toEqual([50, true])
    const second = await look(first.cursor, ctx)
    expect([second.updates.length, second.more]).toEqual([10, false])
    expect(new Set(asked()).size).toBe(60)
  })

  it('holds a bounded number of bytes at once', async () => {
    const large = `${STATUS}${' '.repeat(20_000_000)}`
    const { ctx } = exchange({ a: large, b: large, c: large })
    expect(await look(undefined, ctx)).toMatchObject({ updates: { length: 2 }, more: true })
  })

  it('shows a person what cannot be read, and goes on', async () => {
    const { ctx } = exchange({ a: '<!DOCTYPE x><edXML/>', b: STATUS })
    const { updates, receipts } = await look(undefined, ctx)
    expect(updates).toMatchObject([
      { event: 'a', kind: 'unknown', rawCode: 'dtd' },
      { event: 'status:b', kind: 'taken' },
    ])
    expect(updates[0]?.text).toBe('Không đọc được văn bản a trên trục liên thông: có khai báo DTD, không được phép')
    expect(receipts).toEqual([{ docId: 'a' }, { docId: 'b' }])
  })
})

describe('a document that the exchange does not give', () => {
  it.each([
    ['is not there', gone],
    ['fails', down],
    ['is larger than any', fault('config', 'more than it may be', { outcomeUnknown: true })],
  ])('because it %s stops no other, and after some looks reaches a person', async (_, said) => {
    const world = exchange({})
    const events: string[] = []
    let cursor: unknown
    for (let n = 0; n < 6; n++) {
      world.documents[`d${n}`] = STATUS
      world.documents['bad'] = said as HttpAnswer
      const polled = await look(cursor, world.ctx)
      events.push(...polled.updates.map(({ event, rawCode }) => `${event} ${rawCode}`))
      expect(polled.receipts).not.toContainEqual({ docId: 'bad' })
      cursor = polled.cursor
    }
    expect(events.filter((event) => event.startsWith('bad'))).toEqual(['bad not-given'])
    expect(events).toHaveLength(7)
    expect(world.asked().filter((docId) => docId === 'bad')).toHaveLength(5)
  })

  it('is found when it comes back', async () => {
    const world = exchange({ good: STATUS, bad: down })
    const first = await look(undefined, world.ctx)
    expect(first.cursor).toMatchObject({ owed: [{ docId: 'bad', failures: 1 }] })
    world.documents['bad'] = STATUS
    const { updates, cursor } = await look(first.cursor, world.ctx)
    expect(updates).toMatchObject([{ event: 'status:bad' }])
    expect(cursor).toMatchObject({ owed: [] })
  })

  it('alone is an outage: nothing is counted against it', async () => {
    const { ctx, asked } = exchange(Object.fromEntries(Array.from({ length: 9 }, (_, n) => [`d${n}`, down])))
    expect(await poller.poll(undefined, ctx)).toMatchObject({ fault: 'unreachable' })
    expect(asked()).toHaveLength(5)
  })

  it.each([
    [answer(401), 'config'],
    [down, 'unreachable'],
  ])('nor a list', async (said, code) => {
    const { ctx } = exchange({})
    const http = { request: async () => said }
    expect(await poller.poll(undefined, { ...ctx, http })).toMatchObject({ fault: code })
  })
})

describe('acknowledge', () => {
  const LETTER = 'H18.98.03,2026/11/21,7/UBND-VP'
  const polled = (receipts: unknown): Polled => ({ updates: [], cursor: {}, receipts, more: false })

  function replying(...said: (HttpAnswer | Fault)[]) {
    const { ctx } = exchange({})
    const told: string[] = []
    const request = async ({ url, body }: HttpCall) => {
      const code = /StatusCode>(\d\d)/.exec(String(body))?.[1]
      told.push(`${new URL(url).pathname} ${code ?? String(body)}`)
      return said[Math.min(told.length, said.length) - 1]!
    }
    return { told, ctx: { ...ctx, http: { request } } }
  }

  const ok = answer(200, { success: true, docId: 's-1' })

  it('tells the office that its letter is here, then the exchange that we have everything', async () => {
    const { told, ctx } = replying(ok)
    expect(await poller.acknowledge(polled([{ docId: 'a' }, { docId: 'b', answeredBy: LETTER }]), ctx)).toBeUndefined()
    expect(told).toEqual([
      '/v1/updateStatus {"docId":"a","status":"done"}',
      '/v1/sendEdoc 01',
      '/v1/sendEdoc 03',
      '/v1/updateStatus {"docId":"b","status":"done"}',
    ])
  })

  it('stops where the exchange is in trouble, and says so', async () => {
    const { told, ctx } = replying(ok, down)
    expect(await poller.acknowledge(polled([{ docId: 'a' }, { docId: 'b' }, { docId: 'c' }]), ctx)).toMatchObject({
      fault: 'unreachable',
    })
    expect(told).toHaveLength(2)
  })

  it('goes on where it refuses one', async () => {
    const { told, ctx } = replying(gone, ok)
    expect(await poller.acknowledge(polled([{ docId: 'a' }, { docId: 'b' }]), ctx)).toMatchObject({ fault: 'rejected' })
    expect(told).toHaveLength(2)
  })
})
