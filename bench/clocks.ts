import { sql } from 'drizzle-orm'
import { v7 as uuid } from 'uuid'
import { openApp, readShipped } from '../src/app.ts'
import { readConfig } from '../src/config.ts'
import { act, type Ports } from '../src/core/act.ts'
import { putCalendar } from '../src/core/deadlines/apply-calendar.ts'
import { shippedCalendars } from '../src/core/deadlines/load-calendar.ts'
import { giveMark } from '../src/core/deadlines/marks.ts'
import { recompute } from '../src/core/deadlines/recompute.ts'
import { Rule } from '../src/core/deadlines/rule.ts'
import { nextLook, setMarks } from '../src/core/deadlines/set-marks.ts'
import { dueAfter } from '../src/core/deadlines/span.ts'
import { tick } from '../src/core/deadlines/tick.ts'
import { isFault } from '../src/core/fault.ts'
import { applyConfig } from '../src/core/settings/apply.ts'
import { readProfile } from '../src/core/settings/read-profile.ts'
import { movedClock } from '../src/platform/clock/clock.ts'
import { isRefused } from '../src/platform/database/embedded/refused.ts'
import { embedded } from './places.ts'
import { median, type Result } from './result.ts'

const SMALL = 10_000
const LARGE = 100_000
/** Open deadlines that a minute's tick finds passed or due a mark. */
const DUE = 1000
const MINUTE = 60_000
/** Every deadline starts in the six days before, and the holiday lies in the time of all. */
const NOW = new Date('2026-11-25T03:00:00Z')
const HOLIDAY = '2026-11-26'
const CALENDAR = 'dien-bien'

/** A product on a database of its own, with so many open deadlines. */
interface World {
  readonly ports: Ports
  readonly clock: ReturnType<typeof movedClock>
  close(): Promise<void>
}

/**
 * A minute's tick, and computing all again after a holiday is added, among 10,000 and among 100,000 open deadlines, each of a case of its own.
 * Two databases take turns within one process, so that what else the machine does falls on both.
 */
export async function clocks(full: boolean): Promise<Result> {
  const [ticks, changes] = full ? [8, 5] : [5, 1]
  const [few, many] = [await open(SMALL, ticks + 2), await open(LARGE, ticks)]
  try {
    // Plans, caches, just-in-time compilation.
    await oneTick(few)
    const ticked = await inTurn(few, many, { rounds: ticks, measure: oneTick })
    // Only after all ticks: a change sets every mark anew.
    await oneChange(few)
    const recomputed = await inTurn(few, many, { rounds: changes, measure: oneChange })
    return {
      about: `Clocks (embedded): ${ticks} ticks that find ${DUE.toLocaleString('en')} deadlines each, and ${changes} changes of the calendar that move all; ratio: rate among the many by rate among the few.`,
      ratios: { tick: ratioOf(ticked), recompute: ratioOf(recomputed) },
      aims: { tick: 0.8, recompute: 0.8 },
      figures: { ...figuresOf('tick', ticked), ...figuresOf('recompute', recomputed) },
    }
  } finally {
    for (const world of [few, many]) await world.close()
  }
}

type Rates = readonly (readonly [few: number, many: number])[]

async function inTurn(
  few: World,
  many: World,
  { rounds, measure }: { readonly rounds: number; readonly measure: (world: World) => Promise<number> },
): Promise<Rates> {
  const rates: [number, number][] = []
  let before = await measure(few)
  for (let round = 0; round < rounds; round++) {
    const rate = await measure(many)
    const after = await measure(few)
    rates.push([median([before, after]), rate])
    before = after
  }
  return rates
}

const ratioOf = (rates: Rates): number => median(rates.map(([few, many]) => many / few))

function figuresOf(what: string, rates: Rates): Record<string, number> {
  return Object.fromEntries(
    [SMALL, LARGE].map((size, i) => [
      `${what}: µs for each of ${size.toLocaleString('en')}`,
      1e6 / median(rates.map((rate) => rate[i]!)),
    ]),
  )
}

async function open(size: number, minutes: number): Promise<World> {
  const { dataDir, env, remove } = await embedded()
  const config = readConfig({ ...env, PAHT_DATA_DIR: dataDir, LOG_LEVEL: 'silent' })
  if ('problems' in config) throw new Error(config.problems.join('\n'))
  const app = await openApp(config, { besideRunning: false })
  if (isRefused(app)) throw new Error(app.refused)
  const clock = movedClock(NOW)
  const ports = { ...app.ports, clock }
  await setUp(ports)
  await fill(ports, size, minutes)
  const close = async () => {
    await app.close()
    await remove()
  }
  return { ports, clock, close }
}

async function oneTick({ ports, clock }: World): Promise<number> {
  clock.move(MINUTE)
  return perSecond(() => tick(ports, giveMark))
}

/** The holiday comes, or goes. */
async function oneChange({ ports }: World): Promise<number> {
  const [file] = await shippedCalendars(readShipped, [CALENDAR])
  const { off } = await ports.profiles.calendar(CALENDAR)
  const days = off.has(HOLIDAY) ? [] : [{ day: HOLIDAY, is: 'off' as const, why: 'bench', source: 'bench' }]
  await act(ports, { actor: 'system' }, (a) => putCalendar(a, { ...file!, days }, 'own'))
  return perSecond(async () => (await recompute(ports)).moved)
}

async function perSecond(work: () => Promise<number>): Promise<number> {
  const from = performance.now()
  const done = await work()
  return done / ((performance.now() - from) / 1000)
}

async function setUp(ports: Ports): Promise<void> {
  const profile = await readProfile(readShipped, 'dien-bien')
  if ('problems' in profile) throw new Error(profile.problems)
  const applied = await applyConfig(ports, 'system', { config: { sources: [], agencies: [], links: [] }, profile })
  if (isFault(applied)) throw new Error(applied.message)
}

const RULE = Rule.parse({
  step: 'handle',
  source: 'bench',
  owner: 'agency',
  from: 'assignment.delivered',
  until: ['assignment.answered'],
  span: { workingDays: 6 },
  marks: [
    { before: { workingDays: 1 }, do: 'remind' },
    { at: true, do: 'escalate', level: 1 },
  ],
})

/** So many; the first `DUE` of them are to be reminded of in the next minute, as many in the minute after, and so on. */
async function fill(ports: Ports, count: number, minutes: number): Promise<void> {
  const calendar = await ports.profiles.calendar(CALENDAR)
  const now = ports.clock.now()
  for (let done = 0; done < count; done += DUE) {
    const minute = done / DUE + 1
    const rows = Array.from({ length: DUE }, (_, i) => {
      const startedAt = new Date(now.getTime() - ((done + i) % 8640) * MINUTE)
      const { at: dueAt, uncertain } = dueAfter(startedAt, { workingDays: 6 }, calendar)
      const set = setMarks(RULE.marks, { startedAt, dueAt }, calendar)
      const soon = new Date(now.getTime() + minute * MINUTE).toISOString()
      const marks = minute <= minutes ? set.map((mark, n) => (n === 0 ? { ...mark, when: soon } : mark)) : set
      const { step, source, owner, towards, until, from, span } = RULE
      return {
        ...{ id: uuid(), case_id: uuid(), assignment_id: uuid(), agency_id: 'dien-bien-03127' },
        ...{ step, source, owner, towards, until, started_by: from, started_at: startedAt, span, due_at: dueAt },
        ...{ calendar_id: calendar.id, calendar_version: calendar.version, uncertain, state: 'open', marks },
        next_at: nextLook({ dueAt, missedAt: null, marks }),
      }
    })
    const json = JSON.stringify(rows)
    await ports.db.execute(sql`
      insert into "case" (id, profile, profile_from, status, opened_at)
      select case_id, 'dien-bien', '2025-07-01', 'dispatched', started_at from jsonb_populate_recordset(null::deadline, ${json}::jsonb)`)
    await ports.db.execute(
      sql`insert into deadline select * from jsonb_populate_recordset(null::deadline, ${json}::jsonb)`,
    )
  }
  // As autovacuum does by itself after some minutes.
  for (const table of ['deadline', '"case"']) await ports.db.execute(`vacuum analyze ${table}`)
}
