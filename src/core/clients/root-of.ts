import { type SQL, sql } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import { cases } from '../tables/index.ts'

/** `root.id`: the case that a case has been put into, over any number of joins; itself when it stands alone. Beside a row, for many rows at once. */
export const joinRoot = (caseId: PgColumn): SQL => sql`
  left join lateral (
    with recursive up as (
      select id, joined_to from ${cases} where id = ${caseId}
      union all select p.id, p.joined_to from ${cases} p join up on p.id = up.joined_to
    ) select id from up where joined_to is null
  ) root on true`
