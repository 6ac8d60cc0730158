import { and, asc, eq, isNull } from 'drizzle-orm'
import { v7 as uuid } from 'uuid'
import type { Claimed } from '../../platform/tasks/claim.ts'
import { type Act, act, finishing, type Ports } from '../act.ts'
import { holdOne } from '../cases/hold.ts'
import { orRefused, type Refused, refuse } from '../cases/refused.ts'
import { MINUTE_MS } from '../day.ts'
import { may } from '../people/may.ts'
import type { Officer } from '../people/officer.ts'
import { rulesOf } from '../profile/of-case.ts'
import { cases, dutyRoster, officerNotices, rings } from '../tables/index.ts'

/** Begins to ring about a case, unless it rings already. The caller holds the case. */
export async function startRing(
  a: Act,
  { caseId, deadlineId }: { caseId: string; deadlineId: string | null },
): Promise<void> {
  const id = uuid()
  const fresh = await a.tx
    .insert(rings)
    .values({ id, caseId, deadlineId, startedAt: a.at })
    .onConflictDoNothing()
    .returning({ id: rings.id })
  if (fresh.length === 0) return
  a.record({ of: 'case', id: caseId }, 'ring.started', { ring: id, deadline: deadlineId })
  a.later({ kind: 'ring', ref: id, urgent: true })
}

/** Rings the next one of the roster, and comes again after the profile's minutes until a person has taken it. After the last comes the first. */
export async function ringTask(ports: Ports, task: Claimed): Promise<void> {
  await act(ports, { actor: 'system', unrecorded: true }, async (a) => {
    const [ring] = await a.tx.select().from(rings).where(eq(rings.id, task.ref)).for('update')
    if (ring === undefined || ring.takenAt !== null) return finishing(a, task)
    const own = await holdOne(a, ring.caseId)
    const roster = await rosterOf(a, own.profile)
    const userId = roster.length === 0 ? null : roster[ring.rung % roster.length]!
    const rung = ring.rung + 1
    await a.tx.update(rings).set({ rung }).where(eq(rings.id, ring.id))
    // Where nobody stands on the roster everybody who could take it hears of it.
    await a.tx.insert(officerNotices).values({
      ...{ id: uuid(), toRole: 'triage', userId, event: 'ring', caseId: ring.caseId, deadlineId: ring.deadlineId },
      ...{ level: rung, values: {}, createdAt: a.at },
    })
    a.record({ of: 'case', id: ring.caseId }, 'ring.rung', { ring: ring.id, user: userId, times: rung })
    const { urgent } = await rulesOf(a.ports, own)
    await finishing(a, task, new Date(a.at.getTime() + urgent.ring.everyMinutes * MINUTE_MS))
  })
}

async function rosterOf(a: Act, profile: string): Promise<string[]> {
  const rows = await a.tx
    .select()
    .from(dutyRoster)
    .where(eq(dutyRoster.profile, profile))
    .orderBy(asc(dutyRoster.place))
  return rows.map(({ userId }) => userId)
}

/** A person takes it on: a program with a token cannot. */
export function takeRing(ports: Ports, officer: Officer, id: string): Promise<Refused | undefined> {
  return orRefused(() =>
    act(ports, { actor: officer.actor }, async (a) => {
      if (!may(officer, 'duty.take') || !officer.actor.startsWith('user:')) refuse({ refused: 'forbidden' })
      const [known] = await a.tx.select().from(rings).where(eq(rings.id, id))
      if (known === undefined) return refuse({ refused: 'missing', what: 'ring' })
      await holdOne(a, known.caseId)
      const taken = await a.tx
        .update(rings)
        .set({ takenAt: a.at, takenBy: officer.actor })
        .where(and(eq(rings.id, id), isNull(rings.takenAt)))
        .returning()
      if (taken.length === 0) refuse({ refused: 'not-now', status: 'taken' })
      a.record({ of: 'case', id: known.caseId }, 'ring.taken', { ring: id })
      return undefined
    }),
  )
}

/** Those that ring now, the oldest first. */
export async function openRings({ db }: Ports) {
  return db
    .select({
      id: rings.id,
      caseId: rings.caseId,
      startedAt: rings.startedAt,
      rung: rings.rung,
      profile: cases.profile,
    })
    .from(rings)
    .innerJoin(cases, eq(cases.id, rings.caseId))
    .where(isNull(rings.takenAt))
    .orderBy(asc(rings.startedAt))
    .limit(200)
}

/** Who is rung for a province, in this order, from now on. */
export function setRoster(
  ports: Ports,
  officer: Officer,
  { profile, userIds }: { readonly profile: string; readonly userIds: readonly string[] },
): Promise<Refused | undefined> {
  return orRefused(() =>
    act(ports, { actor: officer.actor }, async (a) => {
      if (!may(officer, 'duty.manage')) refuse({ refused: 'forbidden' })
      await a.tx.delete(dutyRoster).where(eq(dutyRoster.profile, profile))
      if (userIds.length > 0)
        await a.tx.insert(dutyRoster).values(userIds.map((userId, place) => ({ profile, place, userId })))
      a.record({ of: 'profile', id: profile }, 'duty.set', { users: [...userIds] })
      return undefined
    }),
  )
}
