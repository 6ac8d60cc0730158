import { eq } from 'drizzle-orm'
import { v7 as uuid } from 'uuid'
import type { Contact } from '../../../channels/channel.ts'
import type { Ports } from '../../act.ts'
import { contactOf } from '../../intake/open-sealed.ts'
import type { Officer } from '../../people/officer.ts'
import { disclosures, reports } from '../../tables/index.ts'
import { masked } from '../masked.ts'
import { onCase } from '../operate.ts'
import { type Refused, refuse } from '../refused.ts'

export interface Disclosing {
  readonly reportId: string
  /** The competent body that asks. */
  readonly body: string
  readonly documentNumber: string
  /** YYYY-MM-DD. */
  readonly documentDate: string
  readonly why: string
}

/** Gives a reporter's identity to a body that the law lets ask for it, against the number of its document; recorded for good. */
export async function disclose(
  ports: Ports,
  officer: Officer,
  { reportId, ...to }: Disclosing,
): Promise<Refused | Contact> {
  const [report] = await ports.db.select().from(reports).where(eq(reports.id, reportId))
  if (report === undefined) return { refused: 'missing', what: 'report' }
  let contact: Contact = {}
  const refused = await onCase(
    ports,
    officer,
    { caseId: report.caseId, action: 'identity.disclose' },
    async (a, { root }) => {
      contact = await contactOf(a.tx, a.ports.secrets, report.reporterId)
      if (Object.keys(contact).length === 0) refuse({ refused: 'missing', what: 'reporter' })
      const id = uuid()
      const said = { ...to, why: await masked(a, root.id, to.why) }
      await a.tx.insert(disclosures).values({ id, reportId, ...said, by: officer.actor, at: a.at })
      a.record({ of: 'case', id: root.id }, 'identity.disclosed', { disclosure: id, report: reportId, ...said })
    },
  )
  return refused ?? contact
}
