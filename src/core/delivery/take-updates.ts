import { eq, sql } from 'drizzle-orm'
import { v7 as uuid } from 'uuid'
import type { OfficeUpdate } from '../../connectors/connector.ts'
import { type Act, act, type Ports } from '../act.ts'
import { type Assignment, holdWithRoot, rootOf, settle } from '../cases/hold.ts'
import type { AssignmentMoveName } from '../cases/machine.ts'
import { contactsOf, masked } from '../cases/masked.ts'
import { moveAssignment } from '../cases/move.ts'
import { afterReturn } from '../cases/moves/pass-on.ts'
import { resultIn } from '../cases/reply.ts'
import { withoutContacts } from '../reading/without-contacts.ts'
import { assignments, cases, deliveries, updates } from '../tables/index.ts'
import { insertFiles, type StoredAnswer, storeFiles } from './answer-files.ts'
import { officeHasIt } from './has-it.ts'
import { type Meant, meantBy } from './meant.ts'
import { deliverLater } from './open.ts'

/** Which move of the machine an update is. That the clerk has closed the document (`completed`) is work done, not the answer. */
const MOVES: Readonly<Record<Exclude<OfficeUpdate['kind'], 'unknown'>, AssignmentMoveName>> = {
  arrived: 'deliver',
  completed: 'work',
  taken: 'accept',
  refused: 'return',
  'in-progress': 'work',
  answer: 'answer',
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
    const files = await storeFiles(ports, update)
    const outcome = await act(ports, { actor: `office:${linkId}`, unrecorded: true }, (a) =>
      takeUpdate(a, linkId, update, files),
    )
    ports.log.info({ link: linkId, event: update.event, kind: update.kind, outcome }, 'update.taken')
    outcomes.push(outcome)
  }
  return outcomes
}

async function takeUpdate(
  a: Act,
  linkId: string,
  update: OfficeUpdate,
  files: StoredAnswer | undefined,
): Promise<UpdateOutcome> {
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
      keyId: files?.dataKey.id ?? null,
    })
    .onConflictDoNothing()
    .returning({ id: updates.id })
  if (fresh.length === 0) return 'known'
  if (files !== undefined) await insertFiles(a, id, files)
  const meant = await meantBy(a, linkId, update)
  const assignment = meant?.assignment
  if (meant === undefined || assignment === undefined || update.kind === 'unknown') {
    // Of a matter that is not known, anybody's data may be in it.
    const contacts = assignment === undefined ? [] : await contactsOf(a, await rootOf(a.tx, assignment.caseId))
    await a.tx
      .update(updates)
      .set({ text: withoutContacts(update.text, contacts) })
      .where(eq(updates.id, id))
    return 'unknown'
  }
  const { outcome, text } =
    meant.delivery.kind === 'case' || update.kind === 'answer'
      ? await apply(a, linkId, assignment.caseId, { assignmentId: assignment.id, update })
      : await applyToAddition(a, meant, update)
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
  const text = await masked(a, root.id, update.text)

  const arrived = await impliesTaken(a, linkId, assignmentId)
  const [assignment] = await a.tx.select().from(assignments).where(eq(assignments.id, assignmentId))
  const move = MOVES[update.kind as keyof typeof MOVES]
  const moved = await moveAssignment(a, {
    ...{ root, assignment: assignment!, move, set: setBy(a, move, text) },
    saying: { event: update.event, text },
  })
  if (moved === undefined && !(arrived && move === 'deliver')) {
    a.record({ of: 'case', id: own.id }, 'update.late', { assignment: assignmentId, event: update.event, text })
    return { outcome: 'late', text }
  }
  if (moved?.state === 'answered' && moved.role === 'lead') await resultIn(a, root, moved)
  if (moved?.state === 'returned') await afterReturn(a, root, moved)
  await settle(a, root.id)
  if (own.id !== root.id) await settle(a, own.id)
  return { outcome: 'applied', text }
}

/** A word about an addition is about that document alone: the matter itself goes on. */
async function applyToAddition(
  a: Act,
  { assignment, delivery: { id } }: Meant,
  update: OfficeUpdate,
): Promise<{ outcome: 'applied' | 'late'; text: string }> {
  const { own, root } = await holdWithRoot(a.tx, assignment.caseId)
  const text = await masked(a, root.id, update.text)
  const [delivery] = await a.tx.select().from(deliveries).where(eq(deliveries.id, id)).for('update')
  const open = delivery!.state === 'sent' || delivery!.state === 'ready'
  a.record({ of: 'case', id: own.id }, open ? `addition.${update.kind}` : 'update.late', {
    delivery: id,
    event: update.event,
    text,
  })
  if (!open) return { outcome: 'late', text }
  if (update.kind === 'refused') {
    await a.tx
      .update(deliveries)
      .set({ state: 'rejected', lastMessage: text.slice(0, 500) })
      .where(eq(deliveries.id, id))
    await a.tx.update(cases).set({ waitingFor: 'office-rejected' }).where(eq(cases.id, root.id))
  } else await officeHasIt(a, delivery!, assignment)
  await settle(a, root.id)
  return { outcome: 'applied', text }
}

function setBy(a: Act, move: AssignmentMoveName, text: string): Partial<Assignment> {
  if (move === 'accept') return { acceptedAt: a.at }
  if (move === 'answer') return { answer: text, answeredAt: a.at }
  if (move === 'return') return { returnReason: text, returnedAt: a.at }
  return {}
}

/** An office that works on a case has it, although its answer to our request was lost. True where that is news. */
async function impliesTaken(a: Act, linkId: string, assignmentId: string): Promise<boolean> {
  const [delivery] = await a.tx
    .select()
    .from(deliveries)
    .where(
      sql`${deliveries.assignmentId} = ${assignmentId} and ${deliveries.kind} = 'case' and ${deliveries.linkId} = ${linkId} and ${deliveries.state} <> 'taken'`,
    )
    .for('update')
  if (delivery === undefined) return false
  const [assignment] = await a.tx.select().from(assignments).where(eq(assignments.id, assignmentId))
  await officeHasIt(a, delivery, assignment!)
  // Its task may wait for a retry that nobody needs any more, and what is to follow it waits behind.
  deliverLater(a, { id: delivery.id, assignmentId, linkId })
  return true
}
