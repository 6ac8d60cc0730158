import { and, eq, lte } from 'drizzle-orm'
import { act, type Ports } from '../act.ts'
import { DAY_MS } from '../day.ts'
import { rulesOf } from '../profile/of-case.ts'
import { cases } from '../tables/index.ts'
import { assignmentsOf, type Case, familyOf, holdOne, ofThisRound, reportsOf, settle } from './hold.ts'
import { isEnd } from './machine.ts'
import { endRefused } from './moves/refuse.ts'

/** Where the rules ask back: what waited for its reporter as long as they say (`report.insufficient.waitDays`) is refused, with how to send it again. */
export async function refuseUnanswered(ports: Ports): Promise<void> {
  const asked = await ports.db
    .select()
    .from(cases)
    .where(and(eq(cases.status, 'asked'), lte(cases.askedAt, new Date(ports.clock.now().getTime() - DAY_MS))))
  for (const one of asked) await refuseWhereOver(ports, one)
}

async function refuseWhereOver(ports: Ports, { id, askedAt, ...own }: Case): Promise<void> {
  const { insufficient } = (await rulesOf(ports, own)).report
  const isOver = askedAt!.getTime() + insufficient.waitDays * DAY_MS <= ports.clock.now().getTime()
  if (!isOver || insufficient.do !== 'ask-back') return
  await act(ports, { actor: 'system', unrecorded: true }, async (a) => {
    const root = await holdOne(a, id)
    const family = await familyOf(a.tx, id)
    const assignments = ofThisRound(root, await assignmentsOf(a.tx, family))
    // They answered meanwhile; or it is an agency that asked, which has the case and says itself what becomes of it.
    const isTheirs = assignments.some(({ state }) => !isEnd(state))
    if (root.status !== 'asked' || root.askedAt?.getTime() !== askedAt!.getTime() || isTheirs) return
    const reason = ports.translate('vi', 'asking:unanswered')
    const said = { reason, guidance: insufficient.guidance.vi, ground: null }
    await endRefused(a, { root, reports: await reportsOf(a.tx, family), assignments }, said)
    await settle(a, id)
  })
}
