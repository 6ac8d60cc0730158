import type { Fault } from './faults.ts'
import { type Broken, compare } from './ledger.ts'
import { comeToRest, type Observed, observe, standsStill } from './observe.ts'
import type { Site } from './site.ts'
import { grown } from './until.ts'

export interface FaultRun {
  /** Struck while people may send the same matter twice; the office's answers are held back, so that none is closed before its repeat is read. */
  readonly first: readonly Fault[]
  /** Struck with answers coming in. */
  readonly second: readonly Fault[]
  /** Keys in all, at least. */
  readonly reports: number
  /** Without any progress for so long, the product is given up. */
  readonly stallMs: number
  readonly say?: (line: string) => void
}

/** More than this between citizens and office, and the crowd waits: each fault then finds every step of the way busy. */
const MOST_ON_THE_WAY = 300
/** While it waits, one comes now and then, so that no fault has to wait for a request that it can strike. */
const TRICKLE_MS = 100

/** Lets the crowd send, strikes one fault after the other, waits until everything is at rest, and compares. */
export async function runFaults(site: Site, run: FaultRun): Promise<{ broken: Broken[]; seen: Observed }> {
  const started = performance.now()
  const say = (line: string) => run.say?.(`${((performance.now() - started) / 1000).toFixed(1).padStart(6)} s  ${line}`)
  const { crowd } = site
  let striking = false
  const strikeAll = async (faults: readonly Fault[]) => {
    striking = true
    for (const fault of faults) say(`${fault.name}: ${await fault.strike(site)}`)
    striking = false
  }
  const sent = (count: number) => grown('reports are sent', () => crowd.ledger.length, count)
  const backlog = watchBacklog(site)
  const trickles = trickle()
  const most = Math.min(MOST_ON_THE_WAY, run.reports)
  const flow = crowd.flow(() => {
    if (striking) return backlog.onTheWay() < most || trickles()
    return backlog.onTheWay() < most && crowd.ledger.length < run.reports
  })
  let moves: boolean
  try {
    await site.office.control({ silent: true })
    await strikeAll(run.first)
    await sent(run.reports / 2)
    site.noMorePairs()
    const repeats = crowd.ledger.length
    say(`${repeats} sent; waiting until each repeat is matched`)
    moves = await eachMatched(site, repeats, run.stallMs)
    await site.office.control({ silent: false })
    await strikeAll(run.second)
    await sent(run.reports)
    await flow.stop()
  } catch (error) {
    throw new Error(['the run broke off', ...site.machines.flatMap((m) => m.collapses)].join('\n'), { cause: error })
  } finally {
    backlog.stop()
  }
  say(`${crowd.acknowledged()} of ${crowd.ledger.length} acknowledged`)
  // What was given up once is not waited for again.
  if (moves) await comeToRest(site, run.stallMs)
  say('at rest')
  const seen = await observe(site)
  say('observed')
  return { broken: compare(crowd.ledger, seen), seen }
}

function trickle(): () => boolean {
  let last = performance.now()
  return () => {
    if (performance.now() - last < TRICKLE_MS) return false
    last = performance.now()
    return true
  }
}

/** What is promised and not yet with the office, looked at again and again. */
function watchBacklog(site: Site): { onTheWay(): number; stop(): void } {
  let held = 0
  let stopped = false
  const look = async () => {
    // While the office is away, what it held before is still what it holds.
    held = await site.office.count().then(
      (count) => count.held,
      () => held,
    )
    if (!stopped) timer = setTimeout(() => void look(), 250)
  }
  let timer = setTimeout(() => void look(), 0)
  return {
    // Of twelve keys at most one is a repeat that reaches the office with another.
    onTheWay: () => (site.crowd.acknowledged() * 11) / 12 - held,
    stop: () => {
      stopped = true
      clearTimeout(timer)
    },
  }
}

/** The first so many in the ledger are read, and their match step is over; a product that stands still is given up. */
async function eachMatched(site: Site, count: number, stallMs: number): Promise<boolean> {
  const first = site.crowd.ledger.slice(0, count)
  const promised = () => first.filter((s) => s.answers.some((a) => a.status === 201)).length
  await grown('each is promised', promised, count)
  const codes = first.flatMap((sent) => sent.answers.flatMap((a) => a.code ?? []))
  return standsStill(stallMs, async () => {
    const [row] = await site.look<{ waiting: number }>(
      `select count(*)::int as waiting from submission s left join report r on r.submission_id = s.id
       where s.code = any($1) and exists (select 1 from task t where (t.kind, t.ref) in (('read', s.id::text), ('match', r.id::text)))`,
      [codes],
    )
    return row!.waiting
  })
}
