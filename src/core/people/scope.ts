import { type AnyColumn, type SQL, sql } from 'drizzle-orm'
import type { Db, Tx } from '../../platform/database/database.ts'
import { assignments, cases } from '../tables/index.ts'
import type { Action } from '../words.ts'
import { mayEverywhere } from './may.ts'
import type { Officer } from './officer.ts'

/**
 * Narrows a query to the cases that they see: every one, or those in which an agency of theirs has or had a share, with what was joined to them.
 * `caseId`: the column that names the case. Undefined: no limit. Another agency's case is then as if it did not exist.
 */
export function visibleTo(officer: Officer, caseId: AnyColumn | SQL, action: Action = 'case.read'): SQL | undefined {
  if (mayEverywhere(officer, action)) return undefined
  return sql`${caseId} in (
    with recursive mine as (
      select ${assignments.caseId} as id from ${assignments} where ${assignments.agencyId} = any(${sql.param(agenciesOf(officer))}::text[])
      union select near.id from mine
        join ${cases} own on own.id = mine.id
        join lateral (
          select own.joined_to as id where own.joined_to is not null
          union all select c.id from ${cases} c where c.joined_to = own.id) near on true
    ) select id from mine)`
}

/** The same question about one case. */
export async function seesCase(tx: Tx | Db, officer: Officer, caseId: string, action?: Action): Promise<boolean> {
  const { rows } = await tx.execute(
    sql`select from ${cases} where ${cases.id} = ${caseId} and ${visibleTo(officer, cases.id, action) ?? sql`true`}`,
  )
  return rows.length > 0
}

/** The share of one agency, within a case that they see: their own, or each where they see all. */
export function ownShares(officer: Officer, agencyId: AnyColumn, action: Action = 'case.read'): SQL | undefined {
  if (mayEverywhere(officer, action)) return undefined
  return sql`${agencyId} = any(${sql.param(agenciesOf(officer))}::text[])`
}

const agenciesOf = ({ agencies }: Officer): string[] => (agencies === 'all' ? [] : [...agencies])
