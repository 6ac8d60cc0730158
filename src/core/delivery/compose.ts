import { and, eq, inArray } from 'drizzle-orm'
import type { NumberedDocument, OutgoingDelivery, OutgoingFile } from '../../connectors/connector.ts'
import type { Tx } from '../../platform/database/database.ts'
import type { Ports } from '../act.ts'
import { familyOf, type Report, reportsOf, rootOf } from '../cases/hold.ts'
import { identityOpenTo } from '../cases/known-to.ts'
import { MAX_ENVELOPE_BYTES } from '../intake/limits.ts'
import { contactOf, dataKeyOf } from '../intake/open-sealed.ts'
import { agencies, assignments, cases, deliveries, files, submissions, units } from '../tables/index.ts'
import { dueOf } from './due.ts'

type Delivery = typeof deliveries.$inferSelect

const FILE_LINK_DAYS = 7

/**
 * What leaves for the office. Text is the masked one; the reporter goes along only where no flag of the report keeps them secret; files are the
 * copies without metadata, under names of ours.
 */
export async function compose(tx: Tx, ports: Ports, delivery: Delivery): Promise<OutgoingDelivery> {
  const [assignment] = await tx.select().from(assignments).where(eq(assignments.id, delivery.assignmentId))
  const [agency] = await tx.select().from(agencies).where(eq(agencies.id, assignment!.agencyId))
  const [own] = await tx.select().from(cases).where(eq(cases.id, assignment!.caseId))
  const all = await reportsOf(tx, await familyOf(tx, await rootOf(tx, assignment!.caseId)))
  const first = all.find((r) => r.caseId === own!.id) ?? all[0]!
  const about = delivery.reportId === null ? first : all.find((r) => r.id === delivery.reportId)!
  const dueAt = await dueOf(tx, ports, { own: own!, assignment: assignment!, at: ports.clock.now() })
  const unit = own!.unitCode === null ? undefined : await unitOf(tx, own!.unitCode, own!.unitFrom!)
  return {
    key: delivery.id,
    kind: delivery.kind,
    caseId: own!.id,
    assignmentId: assignment!.id,
    code: first.code,
    agency: { code: agency!.code, name: agency!.name },
    title: about.title,
    text: about.text,
    ...(about.address !== null && { address: about.address }),
    ...(about.lat !== null && about.lng !== null && { point: { lat: about.lat, lng: about.lng } }),
    ...(unit !== undefined && { unit }),
    urgent: own!.urgent,
    receivedAt: about.receivedAt,
    ...(dueAt !== undefined && { dueAt }),
    reportCount: all.length,
    ...((await mayKnowWho(tx, delivery, about)) && { reporter: await contactOf(tx, ports.secrets, about.reporterId) }),
    files: await filesOf(tx, ports, about),
    ...(await documentsOf(tx, delivery)),
  }
}

/** A case's own delivery says the same in every attempt: who learns it later by the reporter's yes learns it by a delivery that is there for it. */
async function mayKnowWho(tx: Tx, delivery: Delivery, about: Report): Promise<boolean> {
  return delivery.purpose === 'identity' ? identityOpenTo(tx, about, delivery.assignmentId) : !about.identitySecret
}

/** The delivery's own document, and the one by which the same link told of the case. */
async function documentsOf(tx: Tx, delivery: Delivery): Promise<Pick<OutgoingDelivery, 'document' | 'follows'>> {
  const document = documentOf(delivery)
  if (document === undefined || delivery.kind === 'case') return document === undefined ? {} : { document }
  const [first] = await tx
    .select()
    .from(deliveries)
    .where(
      and(
        eq(deliveries.assignmentId, delivery.assignmentId),
        eq(deliveries.kind, 'case'),
        eq(deliveries.linkId, delivery.linkId ?? ''),
      ),
    )
  const follows = first && documentOf(first)
  return { document, ...(follows !== undefined && { follows }) }
}

function documentOf({ documentNumber, documentDay, documentId }: Delivery): NumberedDocument | undefined {
  return documentNumber === null || documentDay === null || documentId === null
    ? undefined
    : { number: documentNumber, day: documentDay, id: documentId }
}

async function unitOf(tx: Tx, code: string, from: string): Promise<{ code: string; name: string } | undefined> {
  const [unit] = await tx
    .select()
    .from(units)
    .where(and(eq(units.code, code), eq(units.validFrom, from)))
  return unit && { code, name: `${unit.type} ${unit.name}` }
}

async function filesOf(tx: Tx, ports: Ports, report: Report): Promise<OutgoingFile[]> {
  const rows = await tx
    .select()
    .from(files)
    .where(and(inArray(files.submissionId, [report.submissionId]), eq(files.variant, 'clean')))
    .orderBy(files.seq)
  const until = new Date(ports.clock.now().getTime() + FILE_LINK_DAYS * 24 * 3600_000)
  return rows.map((f) => ({
    name: fileName(report.code, f.seq, f.type),
    type: f.type,
    size: f.size,
    url: fileLink(ports, f.id, until),
    read: () => readStored(ports, report.submissionId, f.id),
  }))
}

async function readStored(ports: Ports, submissionId: string, fileId: string): Promise<Buffer> {
  const [submission] = await ports.db.select().from(submissions).where(eq(submissions.id, submissionId))
  const key = await dataKeyOf(ports.db, ports.secrets, submission!.keyId)
  if (key === undefined) throw new Error('the file was erased')
  return ports.files.readAll(fileId, key, MAX_ENVELOPE_BYTES)
}

/** A file's name as it leaves: the sender's own may say who they are. */
export function fileName(code: string, seq: number, type: string): string {
  return `${code}-${seq + 1}.${type.split('/')[1]?.replace('jpeg', 'jpg').replace('quicktime', 'mov') ?? 'bin'}`
}

/** Signed and expiring; needs no cookie and says nothing about the case. */
export function fileLink(ports: Pick<Ports, 'publicUrl' | 'secrets'>, fileId: string, until: Date): string {
  const expires = String(Math.floor(until.getTime() / 1000))
  return `${ports.publicUrl}/files/${fileId}?expires=${expires}&signature=${ports.secrets.token('file', `${fileId}.${expires}`)}`
}
