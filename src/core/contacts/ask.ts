import { v7 as uuid } from 'uuid'
import type { Act } from '../act.ts'
import type { Report } from '../cases/hold.ts'
import { tellBy } from '../notices/tell.ts'
import { senderOf, type Way, waysTo } from '../notices/ways.ts'
import { verifications } from '../tables/index.ts'
import { codeHashOf, digitsOf } from './code.ts'

export type ContactKind = (typeof verifications.$inferSelect)['kind']

/**
 * Sends a code to the first contact that a channel of ours reaches, or to the one of this kind; a code sent before counts no more. False where no
 * channel reaches one: then only an officer who calls can say that it is theirs.
 */
export async function sendCode(a: Act, report: Report, wanted?: ContactKind): Promise<boolean> {
  const { first, spare } = await waysTo(a, report)
  const reached = [...first, ...spare].flatMap((way) => {
    const kind = kindOf(a, way)
    return kind === undefined || (wanted !== undefined && kind !== wanted) ? [] : [{ way, kind }]
  })[0]
  if (reached === undefined) return false
  const id = uuid()
  const code = { id, codeHash: codeHashOf(a.ports.secrets, id, digitsOf(a.ports.secrets, id)), sentAt: a.at, tries: 0 }
  await a.tx
    .insert(verifications)
    .values({ ...code, reporterId: report.reporterId, kind: reached.kind })
    .onConflictDoUpdate({ target: [verifications.reporterId, verifications.kind], set: code })
  a.record({ of: 'case', id: report.caseId }, 'contact.asked', { report: report.id, contact: reached.kind })
  await tellBy(a, report, { event: 'verify', about: id, values: {}, ways: [reached.way], quiet: false })
  return true
}

/** To which kind of contact a way leads; undefined where that is the reporter's view. */
function kindOf(a: Act, { channel, sourceId }: Way): ContactKind | undefined {
  const to = sourceId === null ? undefined : senderOf(a, channel)?.to
  return to === 'phone' || to === 'email' ? to : undefined
}
