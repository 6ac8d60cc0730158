import { and, eq } from 'drizzle-orm'
import { v7 as uuid } from 'uuid'
import type { Act, Ports } from '../../act.ts'
import { happenedTo } from '../../deadlines/happened-to.ts'
import { reconsidered } from '../../deadlines/reconsider.ts'
import { hasItAtDesk } from '../../delivery/otherwise.ts'
import type { Officer } from '../../people/officer.ts'
import { assignments, assignmentWords, cases, uploads } from '../../tables/index.ts'
import type { Assignment, Case } from '../hold.ts'
import { isEnd } from '../machine.ts'
import { masked } from '../masked.ts'
import { moveAssignment } from '../move.ts'
import { type Held, onAssignment } from '../operate.ts'
import { type Refused, refuse } from '../refused.ts'
import { resultIn } from '../reply.ts'

export interface On {
  readonly assignmentId: string
  readonly version: number
}

export function acceptAssignment(ports: Ports, officer: Officer, on: On): Promise<Refused | undefined> {
  return onAssignment(ports, officer, { ...on, action: 'case.answer', move: 'accept' }, async (a, { root }, given) => {
    const assignment = await hasItAtDesk(a, given)
    await moveAssignment(a, { root, assignment, move: 'accept', set: { acceptedAt: a.at } })
  })
}

export interface Result extends On {
  readonly text: string
  /** When it was done. */
  readonly handledAt?: Date | undefined
  /** Photos or minutes that were sent before. */
  readonly upload?: string | undefined
}

/**
 * The result of the work. Where the profile asks for approval it waits for the agency's leader: whatever the office's software approved comes from
 * there, this did not. A coordinator's goes to the lead.
 */
export function submitResult(
  ports: Ports,
  officer: Officer,
  { text, handledAt, upload, ...on }: Result,
): Promise<Refused | undefined> {
  return onAssignment(ports, officer, { ...on, action: 'case.answer' }, async (a, { root, rules }, given) => {
    const assignment = await hasItAtDesk(a, given)
    const { approval } = rules
    const move = approval.needed && assignment.role === 'lead' ? 'submit' : 'answer'
    const must = rules.reply
      .filter((rule) => concerns(rule, root) && isOnSite(rule, given))
      .flatMap((rule) => rule.must)
    if (assignment.role === 'lead' && must.includes('handled-at') && handledAt === undefined)
      refuse({ refused: 'invalid', field: 'handledAt', problem: 'missing' })
    if (assignment.role === 'lead' && must.some((part) => part.startsWith('photo')) && upload === undefined)
      refuse({ refused: 'invalid', field: 'upload', problem: 'photo-needed' })
    if (handledAt !== undefined && handledAt > a.at)
      refuse({ refused: 'invalid', field: 'handledAt', problem: 'not-yet' })
    const answer = await masked(a, root.id, text)
    await say(a, assignment, { kind: 'result', text: answer, upload })
    const moved = await moveAssignment(a, {
      root,
      assignment,
      move,
      set: { answer, handledAt: handledAt ?? null, ...(move === 'answer' && { answeredAt: a.at }) },
      saying: { text: answer },
    })
    if (moved === undefined) refuse({ refused: 'not-now', status: assignment.state })
    // Waiting for approval is a result of the work, too: the agency's own limit has been kept.
    if (move === 'submit') await happenedTo(a, 'assignment.answered', { case: root, assignment: moved })
    else if (assignment.role === 'lead') await resultIn(a, root, moved!)
  })
}

export interface Approving extends On {
  /** Where the leader changed it. */
  readonly text?: string | undefined
}

export function approveResult(
  ports: Ports,
  officer: Officer,
  { text, ...on }: Approving,
): Promise<Refused | undefined> {
  return onAssignment(
    ports,
    officer,
    { ...on, action: 'case.approve', move: 'approve' },
    async (a, { root, rules }, assignment) => {
      if (text !== undefined && !rules.approval.mayEdit)
        refuse({ refused: 'invalid', field: 'text', problem: 'not-to-be-changed' })
      const answer = text === undefined ? (assignment.answer ?? '') : await masked(a, root.id, text)
      await say(a, assignment, { kind: 'approved', text: answer })
      const moved = await moveAssignment(a, {
        root,
        assignment,
        move: 'approve',
        set: { answer, answeredAt: a.at },
        saying: { edited: answer !== assignment.answer },
      })
      await resultIn(a, root, moved!)
    },
  )
}

export interface Why extends On {
  readonly why: string
}

export function sendBack(ports: Ports, officer: Officer, { why, ...on }: Why): Promise<Refused | undefined> {
  return onAssignment(
    ports,
    officer,
    { ...on, action: 'case.approve', move: 'send-back' },
    async (a, { root }, assignment) => {
      const clean = await masked(a, root.id, why)
      await say(a, assignment, { kind: 'sent-back', text: clean })
      await moveAssignment(a, { root, assignment, move: 'send-back', saying: { why: clean } })
    },
  )
}

/** What only a rule with a limit of its own asks for: the place was looked at, was made safe for the time being, or is more than it seemed. */
export function reachStep(
  ports: Ports,
  officer: Officer,
  { step, ...on }: On & { readonly step: 'site-checked' | 'safe' | 'complex' },
): Promise<Refused | undefined> {
  return onAssignment(ports, officer, { ...on, action: 'case.answer' }, async (a, held, given) => {
    const { root, assignments: before } = held
    if (isEnd(given.state)) refuse({ refused: 'not-now', status: given.state })
    const assignment = await hasItAtDesk(a, given)
    if (step === 'complex') await isComplex(a, held, assignment)
    else {
      const [reached] = await a.tx
        .update(assignments)
        .set(step === 'safe' ? { safeAt: a.at } : { siteVisitedAt: a.at })
        .where(eq(assignments.id, assignment.id))
        .returning()
      await happenedTo(a, `assignment.${step}`, { case: root, assignment: reached! })
    }
    a.record({ of: 'case', id: root.id }, `assignment.${step}`, { assignment: assignment.id })
    await reconsidered(a, { root, assignments: before })
  })
}

/** Whoever leads finds it on the spot: other limits hold from now on (Quyết định 4874/QĐ-UBND, Điều 7 khoản 1 điểm b). */
async function isComplex(a: Act, { root, rules }: Held, { role, state }: Assignment): Promise<void> {
  if (role !== 'lead' || root.complex) refuse({ refused: 'not-now', status: state })
  if (rules.categories.find(({ id }) => id === root.category)?.complex !== true)
    refuse({ refused: 'invalid', field: 'step', problem: 'not-in-profile' })
  await a.tx.update(cases).set({ complex: true }).where(eq(cases.id, root.id))
}

/** Is a rule of the profile for this matter? */
export function concerns(
  {
    categories,
    complex,
  }: { readonly categories?: readonly string[] | undefined; readonly complex?: boolean | undefined },
  root: Case,
): boolean {
  if (complex !== undefined && complex !== root.complex) return false
  return categories === undefined || categories.includes(root.category ?? '')
}

const isOnSite = ({ onSite }: { readonly onSite?: boolean | undefined }, { siteVisitedAt }: Assignment): boolean =>
  onSite !== true || siteVisitedAt !== null

interface Said {
  readonly kind: (typeof assignmentWords.$inferInsert)['kind']
  readonly text: string
  readonly committedFor?: string | undefined
  readonly upload?: string | undefined
}

/** Keeps the words themselves, with the files that came with them; the assignment's row has only the last ones. */
export async function say(a: Act, assignment: Assignment, { kind, text, committedFor, upload }: Said): Promise<string> {
  const id = upload ?? uuid()
  if (upload !== undefined) await unusedUpload(a, upload)
  await a.tx
    .insert(assignmentWords)
    .values({ id, assignmentId: assignment.id, kind, text, by: a.actor, at: a.at, committedFor: committedFor ?? null })
  return id
}

/** An upload becomes the word that it came with: once, and by whoever sent it. */
async function unusedUpload(a: Act, id: string): Promise<void> {
  const [upload] = await a.tx
    .select()
    .from(uploads)
    .where(and(eq(uploads.id, id), eq(uploads.by, a.actor)))
    .for('update')
  const used = await a.tx.select({ id: assignmentWords.id }).from(assignmentWords).where(eq(assignmentWords.id, id))
  if (upload === undefined || used.length > 0) refuse({ refused: 'invalid', field: 'upload', problem: 'unknown' })
}
