import type { z } from 'zod'
import type { CaseSeen } from '../../core/cases/list.ts'
import type { DeliverySeen } from '../../core/delivery/list.ts'
import type { links } from '../../core/tables/index.ts'
import type { CaseRow, DeliveryRow, LinkRow } from '../contract/staff.ts'

const iso = (at: Date | null): string | null => at?.toISOString() ?? null

export function presentCase(row: CaseSeen): z.output<typeof CaseRow> {
  const { id, code, title, status, version, openedAt, joinedTo, urgent, unitCode, waitingFor } = row
  return { id, code, title, status, version, openedAt: openedAt.toISOString(), joinedTo, urgent, unitCode, waitingFor }
}

export function presentDelivery(row: DeliverySeen): z.output<typeof DeliveryRow> {
  return {
    ...row,
    createdAt: row.createdAt.toISOString(),
    nextAttemptAt: iso(row.nextAttemptAt),
    takenAt: iso(row.takenAt),
  }
}

export function presentLink({
  id,
  kind,
  name,
  serves,
  state,
  pausedWhy,
}: typeof links.$inferSelect): z.output<typeof LinkRow> {
  return { id, kind, name, serves: [...serves], state, pausedWhy }
}
