import { and, eq, gt, inArray, isNotNull, isNull, lt, sql } from 'drizzle-orm'
import type { Tx } from '../../platform/database/database.ts'
import { type Act, act, type Ports } from '../act.ts'
import { type Case, holdWithRoot, type Report } from '../cases/hold.ts'
import { onCase } from '../cases/operate.ts'
import { orRefused, type Refused, refuse } from '../cases/refused.ts'
import { mayEverywhere } from '../people/may.ts'
import type { Officer } from '../people/officer.ts'
import { rulesOf } from '../profile/of-case.ts'
import { contactIndex, reports, verifications } from '../tables/index.ts'
import { type ContactKind, sendCode } from './ask.ts'
import { codeHashOf } from './code.ts'

const MAX_TRIES = 5
const LASTS_MS = 30 * 60_000
/** A code asked for again: not sooner than this after the one before. */
const AGAIN_MS = 60_000

export interface Saying {
  readonly kind: ContactKind
  /** Without it a new code is asked for. */
  readonly code?: string | undefined
}

/** The reporter says the code back, or asks for another one: five tries, thirty minutes. */
export async function verifyByCode(ports: Ports, reportId: string, said: Saying): Promise<Refused | undefined> {
  if (said.code === undefined) return anotherCode(ports, reportId, said.kind)
  const [report] = await ports.db.select().from(reports).where(eq(reports.id, reportId))
  const tried = await takeTry(ports, report!, said.kind)
  if (tried === undefined) return { refused: 'invalid', field: 'code', problem: 'code-over' }
  if (!tried.codeHash.equals(codeHashOf(ports.secrets, tried.id, said.code)))
    return { refused: 'invalid', field: 'code', problem: 'wrong-code' }
  return act(ports, { actor: 'citizen' }, async (a) => {
    const { root } = await holdWithRoot(a.tx, report!.caseId)
    await verified(a, { root, report: report!, kind: said.kind, by: 'code' })
    return undefined
  })
}

/** Counted before it is judged: a thousand at once are five. */
async function takeTry({ db, clock }: Ports, { reporterId }: Report, kind: ContactKind) {
  const [tried] = await db
    .update(verifications)
    .set({ tries: sql`${verifications.tries} + 1` })
    .where(
      and(
        eq(verifications.reporterId, reporterId),
        eq(verifications.kind, kind),
        lt(verifications.tries, MAX_TRIES),
        gt(verifications.sentAt, new Date(clock.now().getTime() - LASTS_MS)),
      ),
    )
    .returning()
  return tried
}

function anotherCode(ports: Ports, reportId: string, kind: ContactKind): Promise<Refused | undefined> {
  return orRefused(() =>
    act(ports, { actor: 'citizen' }, async (a) => {
      const [report] = await a.tx.select().from(reports).where(eq(reports.id, reportId))
      const { root } = await holdWithRoot(a.tx, report!.caseId)
      const { verify } = (await rulesOf(a.ports, root)).report
      if (verify.contact !== 'code') refuse({ refused: 'invalid', field: 'kind', problem: 'not-in-profile' })
      const [known] = await a.tx
        .select({ at: verifications.sentAt })
        .from(verifications)
        .where(and(eq(verifications.reporterId, report!.reporterId), eq(verifications.kind, kind)))
      if (known !== undefined && a.at.getTime() - known.at.getTime() < AGAIN_MS)
        refuse({ refused: 'invalid', field: 'kind', problem: 'too-soon' })
      if (!(await sendCode(a, report!, kind))) refuse({ refused: 'invalid', field: 'kind', problem: 'not-reached' })
      return undefined
    }),
  )
}

/** An officer of the intake has called, and stands for it with their name. */
export async function verifyByCall(
  ports: Ports,
  officer: Officer,
  { reportId, kind }: { readonly reportId: string; readonly kind: ContactKind },
): Promise<Refused | undefined> {
  if (!mayEverywhere(officer, 'case.ask')) return { refused: 'forbidden' }
  const [report] = await ports.db.select().from(reports).where(eq(reports.id, reportId))
  if (report === undefined) return { refused: 'missing', what: 'report' }
  return onCase(ports, officer, { caseId: report.caseId, action: 'case.ask' }, async (a, { root }) => {
    await verified(a, { root, report, kind, by: `call:${officer.actor}` })
  })
}

interface Verified {
  readonly root: Case
  readonly report: Report
  readonly kind: ContactKind
  readonly by: string
}

/** It is theirs. What waited for that goes on. */
async function verified(a: Act, { root, report, kind, by }: Verified): Promise<void> {
  const of = and(eq(contactIndex.reporterId, report.reporterId), eq(contactIndex.kind, kind))
  const [now] = await a.tx
    .update(contactIndex)
    .set({ verifiedAt: a.at, verifiedBy: by })
    .where(and(of, isNull(contactIndex.verifiedAt)))
    .returning({ kind: contactIndex.kind })
  if (now === undefined) {
    const [left] = await a.tx.select({ kind: contactIndex.kind }).from(contactIndex).where(of)
    if (left === undefined) refuse({ refused: 'missing', what: 'contact' })
    refuse({ refused: 'not-now', status: 'verified' })
  }
  await a.tx
    .delete(verifications)
    .where(and(eq(verifications.reporterId, report.reporterId), eq(verifications.kind, kind)))
  a.record({ of: 'case', id: root.id }, 'contact.verified', { report: report.id, contact: kind, by })
  if (root.waitingFor === 'unverified') a.later({ kind: 'route', ref: root.id })
}

/** Does the profile want to know first that somebody is there who can be asked? One verified contact of one reporter is enough. */
export async function waitsForContact(
  { tx, ports }: Pick<Act, 'tx' | 'ports'>,
  root: Case,
  all: readonly Report[],
): Promise<boolean> {
  const { verify } = (await rulesOf(ports, root)).report
  if (verify.contact === 'none') return false
  const [one] = await tx
    .select({ kind: contactIndex.kind })
    .from(contactIndex)
    .where(
      and(
        inArray(
          contactIndex.reporterId,
          all.map(({ reporterId }) => reporterId),
        ),
        isNotNull(contactIndex.verifiedAt),
      ),
    )
    .limit(1)
  return one === undefined
}

/** Which kinds of contact reporters left, and whether each is known to be theirs; never the contact itself. */
export async function contactsKnown(tx: Tx, reporterIds: readonly string[]) {
  const rows = await tx
    .select({ reporterId: contactIndex.reporterId, kind: contactIndex.kind, verifiedAt: contactIndex.verifiedAt })
    .from(contactIndex)
    .where(inArray(contactIndex.reporterId, [...reporterIds]))
    .orderBy(contactIndex.kind)
  return rows.flatMap(({ kind, ...row }) => (kind === 'provider' ? [] : [{ ...row, kind }]))
}
