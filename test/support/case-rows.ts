import { v7 as uuid } from 'uuid'
import type { Assignment, Case } from '../../src/core/cases/hold.ts'
import { agencies, assignments, cases } from '../../src/core/tables/index.ts'
import type { TestPorts } from './ports.ts'

/** A case of Điện Biên as its row alone, opened now. */
export async function caseRow({ ports: { db }, clock }: TestPorts, more: Partial<Case> = {}): Promise<Case> {
  const values = { id: uuid(), profile: 'dien-bien', profileFrom: '2025-07-01', status: 'received' } as const
  const [row] = await db
    .insert(cases)
    .values({ ...values, openedAt: clock.now(), ...more })
    .returning()
  return row!
}

export async function assignmentRow(
  { ports: { db }, clock }: TestPorts,
  own: Case,
  more: Partial<Assignment> = {},
): Promise<Assignment> {
  const [agency] = await db.select({ id: agencies.id }).from(agencies).orderBy(agencies.id).limit(1)
  const values = { id: uuid(), caseId: own.id, agencyId: agency!.id, role: 'lead', state: 'open' } as const
  const [row] = await db
    .insert(assignments)
    .values({ ...values, assignedAt: clock.now(), ...more })
    .returning()
  return row!
}
