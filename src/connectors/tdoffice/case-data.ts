import type { OutgoingDelivery, OutgoingFile } from '../connector.ts'

/** The case for a machine, `paht.json`. Named field by field: what is not written here does not leave. */
export function caseData(delivery: OutgoingDelivery, attached: readonly OutgoingFile[]): object {
  return {
    format: 'paht/1',
    kind: delivery.kind,
    key: delivery.key,
    documentId: delivery.document?.id,
    follows: delivery.follows?.id,
    caseId: delivery.caseId,
    assignmentId: delivery.assignmentId,
    code: delivery.code,
    agency: { code: delivery.agency.code, name: delivery.agency.name },
    title: delivery.title,
    text: delivery.text,
    address: delivery.address,
    point: delivery.point && { lat: delivery.point.lat, lng: delivery.point.lng },
    unit: delivery.unit && { code: delivery.unit.code, name: delivery.unit.name },
    urgent: delivery.urgent,
    receivedAt: delivery.receivedAt.toISOString(),
    dueAt: delivery.dueAt?.toISOString(),
    reportCount: delivery.reportCount,
    reporter: delivery.reporter && {
      name: delivery.reporter.name,
      phone: delivery.reporter.phone,
      email: delivery.reporter.email,
    },
    files: delivery.files.map((file) => ({
      name: file.name,
      type: file.type,
      size: file.size,
      url: attached.includes(file) ? undefined : file.url,
    })),
  }
}
