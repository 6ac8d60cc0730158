import { eq, inArray, sql } from 'drizzle-orm'
import type { Db, Tx } from '../../platform/database/database.ts'
import type { Act } from '../act.ts'
import { statusChanged } from '../clients/status-changed.ts'
import { assignments, cases, reports } from '../tables/index.ts'
import type { CaseStatus } from '../words.ts'
import { statusOf } from './status.ts'

export type Case = typeof cases.$inferSelect
export type Report = typeof reports.$inferSelect
export type Assignment = typeof assignments.$inferSelect

/** The case that a case has been put into, over any number of joins; itself when it stands alone. */
export async function rootOf(tx: Tx | Db, caseId: string): Promise<string> {
  const { rows } = await tx.execute<{ id: string }>(sql`
    with recursive up as (
      select id, joined_to from ${cases} where id = ${caseId}
      union all select c.id, c.joined_to from ${cases} c join up on c.id = up.joined_to
    ) select id from up where joined_to is null`)
  return rows[0]!.id
}

/** The case and all that were put into it. */
export async function familyOf(tx: Tx, rootId: string): Promise<string[]> {
  const { rows } = await tx.execute<{ id: string }>(sql`
    with recursive down as (
      select id from ${cases} where id = ${rootId}
      union all select c.id from ${cases} c join down on c.joined_to = down.id
    ) select id from down`)
  return rows.map((r) => r.id)
}

/** Locks cases against every other change, in id order: two changes never wait for each other in a circle. */
export async function hold(tx: Tx, ids: readonly string[]): Promise<Case[]> {
  return tx
    .select()
    .from(cases)
    .where(inArray(cases.id, [...new Set(ids)]))
    .orderBy(cases.id)
    .for('update')
}

export async function holdOne({ tx }: Pick<Act, 'tx'>, id: string): Promise<Case> {
  const [own] = await hold(tx, [id])
  return own!
}

/** Locks a case together with the one that it has been put into. */
export async function holdWithRoot(tx: Tx, caseId: string): Promise<{ readonly own: Case; readonly root: Case }> {
  for (;;) {
    const root = await rootOf(tx, caseId)
    const held = await hold(tx, [caseId, root])
    const [own, top] = [held.find((c) => c.id === caseId)!, held.find((c) => c.id === root)!]
    // Joined on by somebody else between the look and the lock: look again.
    if (top.joinedTo === null) return { own, root: top }
  }
}

export async function reportsOf(tx: Tx, caseIds: readonly string[]): Promise<Report[]> {
  return tx
    .select()
    .from(reports)
    .where(inArray(reports.caseId, [...caseIds]))
    .orderBy(reports.receivedAt, reports.id)
}

export async function assignmentsOf(tx: Tx, caseIds: readonly string[]): Promise<Assignment[]> {
  return tx
    .select()
    .from(assignments)
    .where(inArray(assignments.caseId, [...caseIds]))
    .orderBy(assignments.assignedAt, assignments.id)
}

/** What counts of a case's assignments: those of its present round. */
export const ofThisRound = (root: Case, all: readonly Assignment[]): Assignment[] =>
  all.filter(({ round }) => round === root.round)

/** Writes the case's status as the pure function gives it. Call it last, after every change to the case's parts. */
export async function settle(a: Act, caseId: string): Promise<void> {
  const [own] = await a.tx.select().from(cases).where(eq(cases.id, caseId))
  const family = await familyOf(a.tx, caseId)
  const parts = await assignmentsOf(a.tx, family)
  const status = statusOf({
    joined: own!.joinedTo !== null,
    closed: own!.closedAt !== null,
    refused: own!.refusedAt !== null,
    asked: own!.askedAt !== null,
    waitingFor: own!.waitingFor,
    replied: own!.repliedAt !== null,
    rated: own!.ratedAt !== null,
    assignments: ofThisRound(own!, parts),
  })
  if (status === own!.status) return
  await a.tx.update(cases).set({ status }).where(eq(cases.id, caseId))
  await statusChanged(a, family, status === 'joined' ? await statusOfRoot(a, caseId) : status)
}

async function statusOfRoot({ tx }: Act, caseId: string): Promise<CaseStatus> {
  const [root] = await tx
    .select({ status: cases.status })
    .from(cases)
    .where(eq(cases.id, await rootOf(tx, caseId)))
  return root!.status
}
