import { randomBytes } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { v7 as uuid } from 'uuid'
import type { Ports } from '../act.ts'
import { apiTokens } from '../tables/index.ts'

/** Makes the first staff token, where there is none; it is returned once and stored as a keyed hash. */
export async function firstToken({
  db,
  secrets,
  clock,
}: Pick<Ports, 'db' | 'secrets' | 'clock'>): Promise<string | undefined> {
  const token = `paht_${randomBytes(24).toString('base64url')}`
  return db.transaction(async (tx) => {
    const known = await tx.select({ id: apiTokens.id }).from(apiTokens).limit(1)
    if (known.length > 0) return undefined
    await tx
      .insert(apiTokens)
      .values({ id: uuid(), name: 'first', hash: secrets.index('api-token', token), createdAt: clock.now() })
    return token
  })
}

/** The id of the token that somebody shows, looked up by its keyed hash. */
export async function knownToken(
  { db, secrets }: Pick<Ports, 'db' | 'secrets'>,
  token: string,
): Promise<string | undefined> {
  const [known] = await db
    .select({ id: apiTokens.id })
    .from(apiTokens)
    .where(eq(apiTokens.hash, secrets.index('api-token', token)))
  return known?.id
}
