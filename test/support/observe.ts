import { setTimeout as later } from 'node:timers/promises'
import type { Held, OwnEvent } from './office/store.ts'
import type { Site } from './site.ts'

/** What a reporter sees behind the link that came with the code. */
export interface SeenByReporter {
  readonly status: string
  readonly notices: readonly { readonly event: string }[]
}

/** The state of the product, read from outside when nothing moves any more. */
export interface Observed {
  /** One line for each submission and report of it, as staff see them. */
  readonly submissions: readonly SubmissionSeen[]
  readonly leads: readonly { readonly case_id: string; readonly state: string }[]
  readonly joins: readonly { readonly from_case: string; readonly to_case: string }[]
  /** Kinds of entries in the history of each case, in order. */
  readonly history: ReadonlyMap<string, readonly string[]>
  readonly views: ReadonlyMap<string, SeenByReporter | undefined>
  readonly held: readonly Held[]
  readonly events: readonly (OwnEvent & { readonly told: boolean })[]
  readonly updates: readonly { readonly event: string; readonly outcome: string }[]
  /** Tasks that are not done, and why. */
  readonly leftOver: readonly string[]
  /** What the doctor says, where it is not content. */
  readonly doctor: string | undefined
  readonly collapses: readonly string[]
}

export interface SubmissionSeen {
  readonly code: string
  readonly reportId: string | null
  readonly caseId: string | null
  readonly survivorId: string | null
}

/** What is left beside the tasks of the house, which never leave: each comes again by itself. */
export const FOR_EVER = `kind not in ('anchor', 'sweep', 'recompute', 'tick', 'poll', 'reconcile')`

export async function openTasks(site: Site): Promise<{ open: number; held: number }> {
  const [row] = await site.look<{ open: number; held: number }>(
    `select count(*)::int as open, count(token)::int as held from task where ${FOR_EVER} and state = 'open'`,
  )
  return row!
}

/** Waits until there is nothing left to do and the office has told everything. */
export async function comeToRest(site: Site, stallMs: number): Promise<void> {
  await standsStill(stallMs, async () => {
    const { open } = await openTasks(site)
    return open + (await site.office.untold())
  })
}

/**
 * Waits until there is nothing left, or until for so long it did not get less: such a product is given up, and what it left lying is what the
 * ledger will say. True where nothing was.
 */
export async function standsStill(stallMs: number, left: () => Promise<number>): Promise<boolean> {
  let least = Number.POSITIVE_INFINITY
  let since = performance.now()
  for (;;) {
    const now = await left()
    if (now < least) [least, since] = [now, performance.now()]
    if (now === 0) return true
    if (performance.now() - since > stallMs) return false
    await later(500)
  }
}

export async function observe(site: Site): Promise<Observed> {
  const submissions = await everySubmission(site)
  const history = await site.look<{ id: string; kinds: string[] }>(
    `select substr(chain, 6) as id, array_agg(kind order by seq) as kinds from history where chain like 'case:%' group by chain`,
  )
  const leftOver = await site.look<{ task: string }>(
    `select concat_ws(' ', kind, state, 'attempt', attempts, last_error) as task from task where ${FOR_EVER} or state = 'dead'`,
  )
  const doctor = await site.paht('doctor')
  return {
    submissions,
    leads: await site.look(`select case_id, state from assignment where role = 'lead'`),
    joins: await site.look(`select from_case, to_case from case_join where undone_at is null`),
    history: new Map(history.map(({ id, kinds }) => [id, kinds])),
    views: await viewsOf(linksIn(site)),
    held: await site.office.ledger(),
    events: await site.office.updates(),
    updates: await site.look(`select event, outcome from office_update`),
    leftOver: leftOver.map(({ task }) => task),
    doctor: doctor.code === 0 ? undefined : `${doctor.stdout}${doctor.stderr}`,
    collapses: site.machines.flatMap((m) => m.collapses),
  }
}

async function everySubmission(site: Site): Promise<SubmissionSeen[]> {
  const all: SubmissionSeen[] = []
  for (let after: string | null = ''; after !== null; ) {
    const page: { items: SubmissionSeen[]; after: string | null } = await site.staff(
      `/api/v1/submissions?limit=200${after && `&after=${after}`}`,
    )
    all.push(...page.items)
    after = page.after
  }
  return all
}

/** The newest ones first. */
export function linksIn(site: Site): Map<string, string> {
  const promised = site.crowd.ledger.flatMap((sent) => sent.answers).filter((a) => a.code !== undefined)
  return new Map(promised.reverse().map(({ code, link }) => [code!, link!]))
}

const LOOK_AT_ONCE = 16

export async function viewsOf(links: ReadonlyMap<string, string>): Promise<Map<string, SeenByReporter | undefined>> {
  const views = new Map<string, SeenByReporter | undefined>()
  const rest = [...links]
  await Promise.all(
    Array.from({ length: LOOK_AT_ONCE }, async () => {
      for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
        const [code, link] = next
        const answer = await fetch(link)
        const view = (await answer.json()) as SeenByReporter
        views.set(code, answer.ok ? view : undefined)
      }
    }),
  )
  return views
}
