import { and, asc, eq, isNull, or } from 'drizzle-orm'
import { v7 as uuid } from 'uuid'
import type { ExchangeTrace } from '../../platform/outgoing/http.ts'
import type { Act, Ports } from '../act.ts'
import { dataKeyOf } from '../intake/open-sealed.ts'
import { demand } from '../people/may.ts'
import type { Officer } from '../people/officer.ts'
import { assignments, deliveries, reports, submissions, traces } from '../tables/index.ts'

type Delivery = typeof deliveries.$inferSelect

/** Keeps what went over the wire for the operator, sealed with the key of the report it was about: erased with it. */
export async function keepTraces(a: Act, delivery: Delivery, exchanges: readonly ExchangeTrace[]): Promise<void> {
  if (exchanges.length === 0) return
  const keyId = await keyOf(a, delivery)
  const dataKey = keyId && (await dataKeyOf(a.tx, a.ports.secrets, keyId))
  if (!dataKey) return
  await a.tx.insert(traces).values(
    exchanges.map((exchange) => {
      const id = uuid()
      return {
        id,
        at: a.at,
        deliveryId: delivery.id,
        keyId: dataKey.id,
        body: a.ports.secrets.seal(dataKey, JSON.stringify(exchange), `trace:${id}`),
      }
    }),
  )
}

/**
 * The exchanges of a delivery that can still be read, oldest first. Where its reporter went along, in whatever form the office wants it, bodies are
 * left out: who reported is opened by `people/reveal.ts` alone.
 */
export async function tracesOf(
  ports: Ports,
  officer: Officer,
  deliveryId: string,
): Promise<{ readonly at: Date; readonly exchange: ExchangeTrace }[]> {
  demand(officer, 'delivery.read')
  const open = !(await tellsWho(ports, deliveryId))
  const rows = await ports.db
    .select()
    .from(traces)
    .where(eq(traces.deliveryId, deliveryId))
    .orderBy(asc(traces.at), asc(traces.id))
  const read: { at: Date; exchange: ExchangeTrace }[] = []
  for (const row of rows) {
    const dataKey = await dataKeyOf(ports.db, ports.secrets, row.keyId)
    if (dataKey === undefined) continue
    const kept = ports.secrets.open(dataKey, row.body, `trace:${row.id}`).toString('utf8')
    const exchange = JSON.parse(kept) as ExchangeTrace
    read.push({ at: row.at, exchange: open ? exchange : withoutBodies(exchange) })
  }
  return read
}

async function tellsWho({ db }: Ports, deliveryId: string): Promise<boolean> {
  const about = or(
    eq(reports.id, deliveries.reportId),
    and(isNull(deliveries.reportId), eq(reports.caseId, assignments.caseId)),
  )
  const [told] = await db
    .select({ id: reports.id })
    .from(deliveries)
    .innerJoin(assignments, eq(assignments.id, deliveries.assignmentId))
    .innerJoin(reports, about)
    .where(and(eq(deliveries.id, deliveryId), eq(reports.identitySecret, false)))
    .limit(1)
  return told !== undefined
}

function withoutBodies({ request, response, ...rest }: ExchangeTrace): ExchangeTrace {
  return {
    ...rest,
    request: { ...request, body: '' },
    ...(response !== undefined && { response: { ...response, body: '' } }),
  }
}

async function keyOf(a: Act, delivery: Delivery): Promise<string | undefined> {
  const [row] = await a.tx
    .select({ keyId: submissions.keyId })
    .from(assignments)
    .innerJoin(
      reports,
      delivery.reportId === null ? eq(reports.caseId, assignments.caseId) : eq(reports.id, delivery.reportId),
    )
    .innerJoin(submissions, eq(submissions.id, reports.submissionId))
    .where(and(eq(assignments.id, delivery.assignmentId)))
    .orderBy(asc(reports.receivedAt))
    .limit(1)
  return row?.keyId
}
