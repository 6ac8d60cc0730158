import type { Ports } from '../act.ts'
import { deployment } from '../tables/index.ts'

/** A start with another secret key than the one that everything here is sealed with is refused, before anything is written that nobody could read together. */
export async function checkDeployment({
  db,
  secrets,
  clock,
}: Pick<Ports, 'db' | 'secrets' | 'clock'>): Promise<string | undefined> {
  const keyPrint = secrets.index('deployment', 'key')
  await db.insert(deployment).values({ keyPrint, createdAt: clock.now() }).onConflictDoNothing()
  const [known] = await db.select().from(deployment)
  if (known!.keyPrint.equals(keyPrint)) return undefined
  return 'PAHT_SECRET_KEY is not the key that this database was made with. Give the right one; nothing was changed.'
}
