import { asc, eq } from 'drizzle-orm'
import type { Ports } from '../act.ts'
import { demand } from '../people/may.ts'
import type { Officer } from '../people/officer.ts'
import { agencies, links } from '../tables/index.ts'

type At = Pick<Ports, 'db'>

export async function listAgencies({ db }: At, officer: Officer) {
  demand(officer, 'agency.read')
  return db.select().from(agencies).orderBy(asc(agencies.id))
}

export async function listLinks({ db }: At, officer: Officer) {
  demand(officer, 'settings.read')
  return db.select().from(links).orderBy(asc(links.id))
}

export async function findLink({ db }: At, id: string): Promise<typeof links.$inferSelect | undefined> {
  const [link] = await db.select().from(links).where(eq(links.id, id))
  return link
}
