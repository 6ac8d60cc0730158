import { eq, sql } from 'drizzle-orm'
import type { Pending, Taken } from '../../connectors/connector.ts'
import type { Claimed } from '../../platform/tasks/claim.ts'
import { type Act, finishing } from '../act.ts'
import { type Case, holdWithRoot, settle } from '../cases/hold.ts'
import { type Fault, isFault } from '../fault.ts'
import { assignments, cases, deliveries, links } from '../tables/index.ts'
import { decide, type Next } from './decide.ts'
import { officeHasIt } from './has-it.ts'
import { laneOf } from './open.ts'

export interface Outcome {
  readonly task: Claimed
  readonly delivery: typeof deliveries.$inferSelect
  readonly linkId: string
  readonly result: Taken | Pending | Fault
}

/** Writes what an attempt came to, and what happens next, in the transaction that lets go of the task. */
export async function settleOutcome(a: Act, { task, delivery: before, linkId, result }: Outcome): Promise<void> {
  const [assignment] = await a.tx.select().from(assignments).where(eq(assignments.id, before.assignmentId))
  const { own, root } = await holdWithRoot(a.tx, assignment!.caseId)
  // Read again under the lock: an update from the office may have told meanwhile that it has it.
  const [delivery] = await a.tx.select().from(deliveries).where(eq(deliveries.id, before.id))
  if (!isFault(result) && 'pending' in result) return settleSent(a, { task, delivery: delivery!, own, root, result })
  const next: Next = isFault(result)
    ? decide(result, {
        attempts: delivery!.attempts,
        firstAttemptAt: delivery!.firstAttemptAt ?? a.at,
        now: a.at,
        random: Math.random(),
      })
    : { next: 'taken', ...(result.officeRef !== undefined && { officeRef: result.officeRef }) }
  a.record({ of: 'case', id: own.id }, 'delivery.attempted', {
    delivery: before.id,
    attempt: delivery!.attempts,
    outcome: isFault(result) ? result.fault : 'taken',
  })

  if (delivery!.state !== 'ready') {
    await keepOfficeRef(a, delivery!, next)
    return finishing(a, task)
  }
  if (next.next === 'taken') {
    const [fresh] = await a.tx.select().from(assignments).where(eq(assignments.id, before.assignmentId))
    await officeHasIt(a, delivery!, fresh!, next.officeRef)
  } else {
    await notTaken(a, { delivery: delivery!, linkId, caseId: root.id, fault: result as Fault, next })
  }
  await settle(a, root.id)
  if (own.id !== root.id) await settle(a, own.id)
  if (next.next === 'retry') return finishing(a, task, next.at)
  // A paused link keeps its tasks; its lane lets them run when it is resumed.
  if (next.next === 'pause-link') return finishing(a, task, a.at)
  return finishing(a, task)
}

interface SettlingSent {
  readonly task: Claimed
  readonly delivery: Outcome['delivery']
  readonly own: Case
  readonly root: Case
  readonly result: Pending
}

/** The exchange has it; the office says by an update that it has it too. Until then nobody is told that it was forwarded. */
async function settleSent(a: Act, { task, delivery, own, root, result }: SettlingSent): Promise<void> {
  a.record({ of: 'case', id: own.id }, 'delivery.attempted', {
    delivery: delivery.id,
    attempt: delivery.attempts,
    outcome: 'sent',
    document: delivery.documentId,
  })
  const officeRef = result.officeRef ?? delivery.officeRef
  await a.tx
    .update(deliveries)
    .set({
      officeRef,
      outcomeUnknown: false,
      // The office's word may have overtaken the exchange's.
      ...(delivery.state === 'ready' && { state: 'sent', nextAttemptAt: null, lastFault: null, lastMessage: null }),
    })
    .where(eq(deliveries.id, delivery.id))
  await settle(a, root.id)
  await finishing(a, task)
}

/** An update that overtook the answer to our request told that the office has it; only the answer tells under which number. */
async function keepOfficeRef(a: Act, delivery: Outcome['delivery'], next: Next): Promise<void> {
  if (delivery.state !== 'taken' || delivery.officeRef !== null) return
  if (next.next !== 'taken' || next.officeRef === undefined) return
  await a.tx.update(deliveries).set({ officeRef: next.officeRef }).where(eq(deliveries.id, delivery.id))
}

interface NotTaken {
  readonly delivery: Outcome['delivery']
  readonly linkId: string
  readonly caseId: string
  readonly fault: Fault
  readonly next: Exclude<Next, { next: 'taken' }>
}

async function notTaken(a: Act, { delivery, linkId, caseId, fault, next }: NotTaken): Promise<void> {
  const state = {
    retry: 'ready',
    'pause-link': 'ready',
    reject: 'rejected',
    exhausted: 'exhausted',
    failed: 'failed',
  } as const
  await a.tx
    .update(deliveries)
    .set({
      state: state[next.next],
      outcomeUnknown: fault.outcomeUnknown ?? false,
      nextAttemptAt: next.next === 'retry' ? next.at : null,
      lastFault: fault.fault,
      lastMessage: fault.message.slice(0, 500),
    })
    .where(eq(deliveries.id, delivery.id))
  if (next.next === 'pause-link') await pauseLink(a, linkId, fault.message)
  // The office will not take it as it is: an officer must look.
  if (next.next === 'reject')
    await a.tx.update(cases).set({ waitingFor: 'office-rejected' }).where(eq(cases.id, caseId))
}

export async function pauseLink(a: Act, linkId: string, why: string): Promise<void> {
  await a.tx
    .update(links)
    .set({ state: 'paused', pausedWhy: why.slice(0, 500) })
    .where(eq(links.id, linkId))
  await a.tx.execute(sql`update lane set paused = true where name = ${laneOf(linkId)}`)
  a.record({ of: 'link', id: linkId }, 'link.paused', { why: why.slice(0, 500) })
}

export async function resumeLink(a: Act, linkId: string): Promise<void> {
  await a.tx.update(links).set({ state: 'on', pausedWhy: null }).where(eq(links.id, linkId))
  await a.tx.execute(sql`update lane set paused = false where name = ${laneOf(linkId)}`)
  a.record({ of: 'link', id: linkId }, 'link.resumed')
}
