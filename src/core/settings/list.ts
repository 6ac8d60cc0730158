import { asc, eq } from 'drizzle-orm'
import type { Ports } from '../act.ts'
import { agencies, links, sources } from '../tables/index.ts'

type At = Pick<Ports, 'db'>

export const listSources = ({ db }: At) => db.select().from(sources).orderBy(asc(sources.id))
export const listAgencies = ({ db }: At) => db.select().from(agencies).orderBy(asc(agencies.id))
export const listLinks = ({ db }: At) => db.select().from(links).orderBy(asc(links.id))

export async function findLink({ db }: At, id: string): Promise<typeof links.$inferSelect | undefined> {
  const [link] = await db.select().from(links).where(eq(links.id, id))
  return link
}
