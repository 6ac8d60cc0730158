import { and, eq } from 'drizzle-orm'
import type { Ports } from '../act.ts'
import { type FormSource, formSourceOf } from '../intake/form-source.ts'
import { sources } from '../tables/index.ts'

/** The telephone number that somebody called: a source of that channel which is on. */
export async function callSource(
  ports: Ports,
  { id, channel }: { readonly id: string; readonly channel: string },
): Promise<FormSource | undefined> {
  const [row] = await ports.db
    .select()
    .from(sources)
    .where(and(eq(sources.id, id), eq(sources.kind, channel), eq(sources.state, 'on')))
  return row && formSourceOf(ports, row)
}
