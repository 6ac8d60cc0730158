import { z } from 'zod'
import { type Fault, isFault } from '../../core/fault.ts'
import type { ConnectorContext, OfficeUpdate, Polled } from '../connector.ts'
import { acknowledge, type Receipt } from './acknowledge.ts'
import type { Driver, Listed } from './driver.ts'
import { openDriver } from './open.ts'
import type { TdofficeSettings } from './settings.ts'
import { dayOf, daysLater } from './time.ts'
import { type Fetched, understand, unreadable } from './updates.ts'

/** One look holds its documents in memory until they are committed. */
const BATCH = { documents: 50, bytes: 32_000_000 }
/** The exchange refuses windows much longer than a week: after a longer silence we catch up week by week. */
const WINDOW_DAYS = 7
/** Looks in which the exchange gave other documents but not this one. */
const TRIES = 5
/** Then it is an outage, and the others would only run into it too. */
const FAULTS_IN_A_ROW = 5

const Cursor = z.object({
  /** The last day that is looked through, apart from what is written late. */
  day: z.iso.date(),
  /** What was dealt with, of the days of the window alone: this is what keeps it short. */
  seen: z.array(z.string()),
  /** Listed but not given, and how often. */
  owed: z.array(z.object({ docId: z.string(), failures: z.int() })),
})
type Cursor = z.output<typeof Cursor>

export const poller = {
  update: 'poll',
  everySeconds: ({ pollSeconds }: TdofficeSettings) => pollSeconds,
  poll,
  acknowledge,
} as const

async function poll(before: unknown, ctx: ConnectorContext<TdofficeSettings>): Promise<Polled | Fault> {
  const today = dayOf(ctx.at)
  const cursor = before === undefined ? { day: today, seen: [], owed: [] } : Cursor.parse(before)
  const driver = openDriver(ctx)
  // A day back for what was listed late, a day on for an exchange whose clock is ahead.
  const from = daysLater(cursor.day, -1)
  const to = earlier(daysLater(from, WINDOW_DAYS - 1), daysLater(today, 1))
  const listed = await listBoth(driver, { from, to })
  if (isFault(listed)) return listed

  const todo = dueOf(listed, cursor)
  const looked = await fetchBatch(driver, todo, ctx.at)
  if (isFault(looked)) return looked
  const { updates, receipts, owed } = digested(looked, cursor, ctx)
  const rest = todo.slice(looked.got.length + looked.failed.length)
  const open = new Set([...rest.map(({ docId }) => docId), ...owed.map(({ docId }) => docId)])
  const next: Cursor = {
    day: rest.length > 0 ? cursor.day : earlier(to, today),
    seen: listed.map(({ docId }) => docId).filter((docId) => !open.has(docId)),
    owed,
  }
  return { updates, receipts, cursor: next, more: looked.got.length > 0 ? rest.length > 0 || to < today : to < today }
}

/** Both kinds, in the order in which the exchange got them. Letters are asked for first: the statuses before an answer are then there as well. */
async function listBoth(driver: Driver, window: { from: string; to: string }): Promise<Listed[] | Fault> {
  const letters = await driver.list('received', { messageType: 'edoc', ...window })
  if (isFault(letters)) return letters
  const statuses = await driver.list('received', { messageType: 'status', ...window })
  if (isFault(statuses)) return statuses
  const all = new Map([...statuses, ...letters].map((item) => [item.docId, item]))
  return [...all.values()].sort((a, b) => (a.createdAt?.getTime() ?? 0) - (b.createdAt?.getTime() ?? 0))
}

/** What is new, then what is owed: a document that is never given holds up no other. */
function dueOf(listed: readonly Listed[], { seen, owed }: Cursor): Pick<Listed, 'docId' | 'createdAt'>[] {
  const known = new Set([...seen, ...owed.map(({ docId }) => docId)])
  const createdAt = new Map(listed.map((item) => [item.docId, item.createdAt]))
  const again = owed.map(({ docId }) => ({ docId, createdAt: createdAt.get(docId) }))
  return [...listed.filter(({ docId }) => !known.has(docId)), ...again]
}

interface Looked {
  readonly got: readonly Fetched[]
  readonly failed: readonly { readonly docId: string; readonly at: Date }[]
}

async function fetchBatch(
  driver: Driver,
  todo: readonly Pick<Listed, 'docId' | 'createdAt'>[],
  now: Date,
): Promise<Looked | Fault> {
  const got: Fetched[] = []
  const failed: Looked['failed'][number][] = []
  let [bytes, troubles] = [0, 0]
  for (const { docId, createdAt: at = now } of todo.slice(0, BATCH.documents)) {
    const edxml = await driver.get(docId)
    if (!isFault(edxml)) {
      got.push({ docId, edxml, at })
      bytes += edxml.length
      troubles = 0
      if (bytes > BATCH.bytes) break
      continue
    }
    if (edxml.fault === 'config') return edxml
    failed.push({ docId, at })
    if (edxml.fault !== 'rejected') troubles += 1
    // Not one was given: nothing says that it is the documents' fault.
    if (troubles > 0 && got.length === 0 && (troubles === FAULTS_IN_A_ROW || failed.length === todo.length))
      return edxml
    if (troubles === FAULTS_IN_A_ROW) break
  }
  return { got, failed }
}

function digested(
  { got, failed }: Looked,
  cursor: Cursor,
  { settings }: ConnectorContext<TdofficeSettings>,
): { updates: OfficeUpdate[]; receipts: Receipt[]; owed: Cursor['owed'] } {
  const updates: OfficeUpdate[] = []
  const receipts: Receipt[] = []
  for (const fetched of got) {
    const { updates: found, answeredBy } = understand(fetched, settings.organ.organId)
    updates.push(...found)
    receipts.push({ docId: fetched.docId, ...(answeredBy !== undefined && { answeredBy }) })
  }
  const failures = new Map(cursor.owed.map(({ docId, failures: times }) => [docId, times]))
  for (const { docId, at } of failed) {
    const times = (failures.get(docId) ?? 0) + 1
    if (times < TRIES) failures.set(docId, times)
    else updates.push(unreadable({ docId, at }, 'not-given'))
    if (times >= TRIES) failures.delete(docId)
  }
  for (const { docId } of got) failures.delete(docId)
  return { updates, receipts, owed: [...failures].map(([docId, times]) => ({ docId, failures: times })) }
}

function earlier(a: string, b: string): string {
  return a < b ? a : b
}
