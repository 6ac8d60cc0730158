import type { z } from 'zod'
import type { CaseSeen } from '../../core/cases/list.ts'
import type { DeliverySeen } from '../../core/delivery/list.ts'
import type { links } from '../../core/tables/index.ts'
import type { LinkRow } from '../contract/settings.ts'
import type { CaseRow, DeliveryRow } from '../contract/staff.ts'

export const iso = (at: Date | null): string | null => at?.toISOString() ?? null

export function presentCase(row: CaseSeen): z.output<typeof CaseRow> {
  const { id, code, title, status, joinedTo, urgent, urgentKind, category, complex, unitCode, disputes } = row
  const { waitingFor, heldGroup, proposedAgencyId } = row
  return {
    ...{ id, code, title, status, joinedTo, urgent, urgentKind, category, complex, unitCode, disputes },
    ...{ waitingFor, heldGroup, proposedAgencyId },
    version: row.historySeq,
    openedAt: row.openedAt.toISOString(),
    hidden: row.hiddenAt !== null,
    repliedAt: iso(row.repliedAt),
    publishedAt: iso(row.publishedAt),
  }
}

export function presentDelivery(row: DeliverySeen): z.output<typeof DeliveryRow> {
  return {
    ...row,
    purpose: row.purpose === '' || row.purpose === 'identity' ? row.purpose : 'revision',
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
