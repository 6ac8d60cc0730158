import { and, eq, or, sql } from 'drizzle-orm'
import { validate as isUuid, v7 as uuid } from 'uuid'
import type { Contact } from '../../channels/channel.ts'
import type { OfficeUpdate } from '../../connectors/connector.ts'
import { type Act, act, type Ports } from '../act.ts'
import { type Assignment, familyOf, holdWithRoot, reportsOf, rootOf, settle } from '../cases/hold.ts'
import { contactOf } from '../intake/open-sealed.ts'
import { tell } from '../notices/tell.ts'
import { withoutContacts } from '../reading/without-contacts.ts'
import { agencies, assignments, cases, deliveries, updates } from '../tables/index.ts'
import type { AssignmentState } from '../words.ts'
import { moveOn, officeHasIt } from './has-it.ts'
import { deliverLater } from './open.ts'

const MOVES: Readonly<Record<Exclude<OfficeUpdate['kind'], 'unknown'>, AssignmentState>> = {
  taken: 'accepted',
  refused: 'returned',
  'in-progress': 'in-progress',
  answer: 'answered',
}

export type UpdateOutcome = 'applied' | 'late' | 'unknown' | 'known'

/** Takes what an office sent, each update once, in a transaction of its own: one that cannot be placed waits in a list and stops no other. */
export async function takeUpdates(
  ports: Ports,
  linkId: string,
  given: readonly OfficeUpdate[],
): Promise<UpdateOutcome[]> {
  const outcomes: UpdateOutcome[] = []
  for (const update of given) {
    const outcome = await act(ports, { actor: `office:${linkId}`, unrecorded: true }, (a) =>
      takeUpdate(a, linkId, update),
    )
    ports.log.info({ link: linkId, event: update.event, kind: update.kind, outcome }, 'update.taken')
    outcomes.push(outcome)
  }
  return outcomes
}

async function takeUpdate(a: Act, linkId: string, update: OfficeUpdate): Promise<UpdateOutcome> {
  const id = uuid()
  const fresh = await a.tx
    .insert(updates)
    .values({
      id,
      linkId,
      event: update.event,
      of: update.of,
      kind: update.kind,
      at: update.at,
      receivedAt: a.at,
      text: '',
      rawCode: update.rawCode,
      outcome: 'unknown',
    })
    .onConflictDoNothing()
    .returning({ id: updates.id })
  if (fresh.length === 0) return 'known'
  const assignment = await assignmentMeant(a, linkId, update.of)
  if (assignment === undefined || update.kind === 'unknown') {
    // Of a matter that is not known, anybody's data may be in it.
    const contacts = assignment === undefined ? [] : await contactsOf(a, await rootOf(a.tx, assignment.caseId))
    await a.tx
      .update(updates)
      .set({ text: withoutContacts(update.text, contacts) })
      .where(eq(updates.id, id))
    return 'unknown'
  }
  const { outcome, text } = await apply(a, linkId, assignment.caseId, { assignmentId: assignment.id, update })
  await a.tx.update(updates).set({ outcome, text, assignmentId: assignment.id }).where(eq(updates.id, id))
  return outcome
}

async function apply(
  a: Act,
  linkId: string,
  caseId: string,
  { assignmentId, update }: { readonly assignmentId: string; readonly update: OfficeUpdate },
): Promise<{ outcome: 'applied' | 'late'; text: string }> {
  const { own, root } = await holdWithRoot(a.tx, caseId)
  const text = withoutContacts(update.text, await contactsOf(a, root.id))

  await impliesTaken(a, linkId, assignmentId)
  const [assignment] = await a.tx.select().from(assignments).where(eq(assignments.id, assignmentId))
  const to = MOVES[update.kind as keyof typeof MOVES]
  const moved = await moveOn(a, assignment!, to, endOf(a, to, text))
  a.record({ of: 'case', id: own.id }, moved ? `assignment.${to}` : 'update.late', {
    assignment: assignmentId,
    event: update.event,
    text,
  })
  if (!moved) return { outcome: 'late', text }

  if (to === 'answered') {
    const [agency] = await a.tx.select().from(agencies).where(eq(agencies.id, assignment!.agencyId))
    const all = await reportsOf(a.tx, await familyOf(a.tx, root.id))
    await tell(a, all, { event: 'answer', about: assignmentId, values: { agency: agency!.name, answer: text } })
  }
  if (to === 'returned') await a.tx.update(cases).set({ waitingFor: 'returned' }).where(eq(cases.id, root.id))
  await settle(a, root.id)
  if (own.id !== root.id) await settle(a, own.id)
  return { outcome: 'applied', text }
}

/** Everybody who reported the matter, with its copies that were put into it. */
async function contactsOf(a: Act, rootId: string): Promise<Contact[]> {
  const contacts: Contact[] = []
  for (const { reporterId } of await reportsOf(a.tx, await familyOf(a.tx, rootId)))
    contacts.push(await contactOf(a.tx, a.ports.secrets, reporterId))
  return contacts
}

function endOf(a: Act, to: AssignmentState, text: string): Partial<Assignment> {
  if (to === 'answered') return { answer: text, answeredAt: a.at, endedAt: a.at }
  if (to === 'returned') return { returnReason: text, returnedAt: a.at, endedAt: a.at }
  return {}
}

/** An office that works on a case has it, although its answer to our request was lost. */
async function impliesTaken(a: Act, linkId: string, assignmentId: string): Promise<void> {
  const [delivery] = await a.tx
    .select()
    .from(deliveries)
    .where(
      sql`${deliveries.assignmentId} = ${assignmentId} and ${deliveries.kind} = 'case' and ${deliveries.linkId} = ${linkId} and ${deliveries.state} <> 'taken'`,
    )
    .for('update')
  if (delivery === undefined) return
  const [assignment] = await a.tx.select().from(assignments).where(eq(assignments.id, assignmentId))
  await officeHasIt(a, delivery, assignment!)
  // Its task may wait for a retry that nobody needs any more, and what is to follow it waits behind.
  deliverLater(a, { id: delivery.id, assignmentId, linkId })
}

/** `of` is our delivery's key, our assignment's id, or the office's own reference; only assignments that went out by this link count. */
async function assignmentMeant(a: Act, linkId: string, of: string): Promise<Assignment | undefined> {
  const meant = isUuid(of) ? or(eq(deliveries.id, of), eq(deliveries.assignmentId, of)) : eq(deliveries.officeRef, of)
  const [found] = await a.tx
    .select({ assignment: assignments })
    .from(deliveries)
    .innerJoin(assignments, eq(assignments.id, deliveries.assignmentId))
    .where(and(eq(deliveries.linkId, linkId), meant))
    .limit(1)
  return found?.assignment
}
