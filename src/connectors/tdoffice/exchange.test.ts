import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type ExchangeProcess, startExchange } from '../../../test/support/exchange/process.ts'
import { AT, DELIVERY, DOCUMENT, LINK, ORGAN, SECRET_KEY } from '../../../test/support/tdoffice.ts'
import { until } from '../../../test/support/until.ts'
import { isFault } from '../../core/fault.ts'
import type { ExchangeTrace } from '../../platform/outgoing/http.ts'
import { makeOutgoing } from '../../platform/outgoing/outgoing.ts'
import type { DeliverContext, OfficeUpdate, OutgoingDelivery } from '../connector.ts'
import { tdoffice } from './index.ts'
import { poller } from './poll.ts'
import { TdofficeSettings } from './settings.ts'

const SETTINGS = TdofficeSettings.parse(LINK)

type Behaviour = Parameters<ExchangeProcess['control']>[0]

/** The hub's side of a link: a progress that is kept, and traces that are looked through for the key. */
async function linked(
  behaviour: Behaviour,
  { timeoutMs = 5_000, allow = ['127.0.0.1/32'], secretKey = SECRET_KEY } = {},
) {
  const store = join(mkdtempSync(join(tmpdir(), 'exchange-')), 'store.jsonl')
  const exchange = await startExchange({
    store,
    organ: ORGAN,
    systemId: ORGAN,
    secret: SECRET_KEY,
    behaviour: { now: AT.toISOString(), stepMs: 1, ...behaviour },
  })
  onTestFinished(() => exchange.kill())
  const settings = TdofficeSettings.parse({ ...SETTINGS, baseUrl: exchange.url, allow: ['127.0.0.1/32'], secretKey })
  const traces: ExchangeTrace[] = []
  const http = makeOutgoing({
    timeoutMs,
    maxAnswerBytes: tdoffice.limits.maxAnswerBytes!,
    allow,
    secrets: [secretKey],
    trace: (trace) => {
      traces.push(trace)
      expect(JSON.stringify(trace)).not.toContain(secretKey)
    },
  })
  const saved = new Map<string, unknown>()
  const ctx = ({ key }: OutgoingDelivery = DELIVERY): DeliverContext<TdofficeSettings> => ({
    settings,
    at: AT,
    http,
    progress: saved.get(key) ?? null,
    saveProgress: async (progress) => void saved.set(key, progress),
  })
  return { exchange, ctx, traces }
}

/** Looks, commits, acknowledges, as the core does it. */
function looking(ctx: DeliverContext<TdofficeSettings>) {
  const known = new Map<string, OfficeUpdate>()
  let cursor: unknown
  const look = async () => {
    const polled = await poller.poll(cursor, ctx)
    if (isFault(polled)) throw new Error(polled.message)
    for (const update of polled.updates) if (!known.has(update.event)) known.set(update.event, update)
    cursor = JSON.parse(JSON.stringify(polled.cursor))
    expect(await poller.acknowledge(polled, ctx)).toBeUndefined()
    return [...known.values()]
  }
  const kinds = (updates: OfficeUpdate[]) => updates.map(({ kind }) => kind)
  return { look, kinds }
}

const ADDITION: OutgoingDelivery = {
  ...DELIVERY,
  key: '0198c5b2-7a10-7c3e-9d41-5f2e8a6b1c08',
  kind: 'addition',
  document: { number: 124, day: '2026-11-20', id: `${ORGAN},2026/11/20,124/PC-IOC` },
  follows: DOCUMENT,
}

describe('with an exchange in another process', () => {
  it.each(['plain', 'zip'] as const)('a case goes out and comes back answered, file %s', async (answerFile) => {
    const { exchange, ctx } = await linked({
      answerFile,
      answerTwice: true,
      edxmlAs: answerFile === 'zip' ? 'base64' : 'text',
    })
    expect(await tdoffice.check(ctx())).toMatchObject({ ok: true })
    const sent = await tdoffice.deliver(DELIVERY, ctx())
    expect(sent).toMatchObject({ pending: true })
    expect(await exchange.count()).toMatchObject({ documents: 1, refused: 0, duplicates: 0 })

    const { look, kinds } = looking(ctx())
    const updates = await until('the answer', async () => {
      const found = await look()
      return kinds(found).includes('answer') ? found : undefined
    })
    expect(kinds(updates)).toEqual(['arrived', 'taken', 'in-progress', 'in-progress', 'completed', 'answer'])
    expect(updates.every(({ of }) => of === DOCUMENT.id)).toBe(true)
    expect(updates.at(-1)).toMatchObject({ text: 'Đã xử lý xong.', files: [{ name: 'ket-qua.pdf' }] })
    expect(updates.at(-1)?.files?.[0]?.bytes.subarray(0, 5).toString()).toBe('%PDF-')

    const ledger = await exchange.ledger()
    const done = ledger.filter((line) => line.line === 'transport' && line.status === 'done')
    expect(done).toHaveLength((await exchange.count()).received)
    const told = ledger.flatMap((line) => (line.line === 'sent' && line.messageType === 'status' ? [line.code] : []))
    expect(new Set(told)).toEqual(new Set(['01', '03']))
  })

  it('an addition goes into the file of the first', async () => {
    const { exchange, ctx } = await linked({ until: '03' })
    await tdoffice.deliver(DELIVERY, ctx())
    expect(await tdoffice.deliver(ADDITION, ctx(ADDITION))).toMatchObject({ pending: true })
    const sent = (await exchange.ledger()).filter((line) => line.line === 'sent')
    expect(sent.map(({ documentId, responseFor }) => [documentId, responseFor])).toEqual([
      [DOCUMENT.id, []],
      [ADDITION.document!.id, [DOCUMENT.id]],
    ])
  })

  it.each<[string, Behaviour]>([
    ['a reply lost after it was stored', { loseReplies: { nth: 1 } }],
    ['a timeout after it was stored', { slowMs: 8_000 }],
  ])('%s is unknown, found by asking, and makes no second document', async (_, behaviour) => {
    const { exchange, ctx } = await linked({ until: 'nothing', ...behaviour }, { timeoutMs: 5_000 })
    expect(await tdoffice.lookup!(DELIVERY, ctx())).toBe('absent')
    expect(await tdoffice.deliver(DELIVERY, ctx())).toMatchObject({ fault: 'unreachable', outcomeUnknown: true })
    const [sent] = (await exchange.ledger()).filter((line) => line.line === 'sent')
    expect(await tdoffice.lookup!(DELIVERY, ctx())).toEqual({ pending: true, officeRef: sent?.docId })
    // Another case of the same day to the same office is not it.
    expect(await tdoffice.lookup!(ADDITION, ctx(ADDITION))).toBe('absent')
    expect(await exchange.count()).toMatchObject({ documents: 1, duplicates: 0 })
  })

  it('two attempts at once bear one DocumentId, so the exchange and the office know them for one', async () => {
    const { exchange, ctx } = await linked({ until: 'nothing', duplicates: 'refuse' })
    const both = await Promise.all([tdoffice.deliver(DELIVERY, ctx()), tdoffice.deliver(DELIVERY, ctx())])
    const [sent] = (await exchange.ledger()).filter((line) => line.line === 'sent')
    expect(both).toEqual(Array(2).fill({ pending: true, officeRef: sent?.docId }))
    expect(await exchange.ledger()).toMatchObject([
      { line: 'sent' },
      { line: 'duplicate', same: true },
      { line: 'refused', errorCode: '24' },
    ])
  })

  it('a clerk who refuses says why; an odd code is unknown; strays bear the id that they name', async () => {
    const { exchange, ctx } = await linked({ refuse: 'Không thuộc địa bàn xã' })
    await tdoffice.deliver(DELIVERY, ctx())
    await exchange.control({
      refuse: null,
      until: '03',
      unknownCode: '77',
      unknownDocument: ['status', 'answer'],
      sendTwice: true,
    })
    await tdoffice.deliver({ ...ADDITION, kind: 'case' }, ctx(ADDITION))
    const { look } = looking(ctx())
    const updates = await until('all of them', async () => {
      const found = await look()
      return found.some(({ rawCode }) => rawCode === '77') ? found : undefined
    })
    expect(updates).toContainEqual(
      expect.objectContaining({ of: DOCUMENT.id, kind: 'refused', text: 'Không thuộc địa bàn xã' }),
    )
    expect(updates).toContainEqual(expect.objectContaining({ kind: 'unknown', rawCode: '77' }))
    const strays = updates.filter(({ of }) => of !== DOCUMENT.id && of !== ADDITION.document!.id)
    expect(strays.map(({ kind }) => kind)).toEqual(['taken', 'taken', 'answer'])
  })

  it('a wrong key, a closed door and a private network are the link’s', async () => {
    const wrong = await linked({}, { secretKey: 'another-key-than-theirs' })
    expect(await tdoffice.deliver(DELIVERY, wrong.ctx())).toMatchObject({ fault: 'config' })
    expect(await tdoffice.check(wrong.ctx())).toMatchObject({ fault: 'config' })
    const closed = await linked({ down: 'closed' }, { allow: [] })
    expect(await tdoffice.deliver(DELIVERY, closed.ctx())).toMatchObject({ fault: 'config' })
    const down = await linked({ down: '503' })
    expect(await tdoffice.deliver(DELIVERY, down.ctx())).toMatchObject({ fault: 'unreachable', outcomeUnknown: true })
    expect(await tdoffice.lookup!(DELIVERY, down.ctx())).toMatchObject({ fault: 'unreachable' })
  })

  it.each([
    ['18', 'rejected'],
    ['19', 'config'],
    ['20', 'unreachable'],
    ['22', 'rejected'],
  ] as const)('its code %s is %s', async (reject, code) => {
    const { ctx } = await linked({ reject })
    expect(await tdoffice.deliver(DELIVERY, ctx())).toMatchObject({ fault: code })
  })
})
