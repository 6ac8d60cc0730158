import { randomBytes } from 'node:crypto'
import { and, asc, eq, gt, isNull, or } from 'drizzle-orm'
import { v7 as uuid } from 'uuid'
import type { Tx } from '../../platform/database/database.ts'
import { act, type Ports } from '../act.ts'
import { type Fault, fault } from '../fault.ts'
import { apiTokens } from '../tables/index.ts'
import { ROLES, type Role } from '../words.ts'
import { logSecurity, type Source } from './log.ts'
import { demand } from './may.ts'
import { agenciesOf, EVERY_AGENCY, type Officer } from './officer.ts'

type Secrets = Pick<Ports, 'secrets'>

const newToken = () => `paht_${randomBytes(24).toString('base64url')}`
const hashOf = ({ secrets }: Secrets, token: string) => secrets.index('api-token', token)

/**
 * Makes the first token, where there is none; it is returned once and stored as a keyed hash. It has every role, so that whoever starts the
 * product can set everything up; it reveals nobody's identity, as no token does.
 */
export async function firstToken(ports: Pick<Ports, 'db' | 'secrets' | 'clock'>): Promise<string | undefined> {
  const { db, clock } = ports
  const token = newToken()
  return db.transaction(async (tx: Tx) => {
    const known = await tx.select({ id: apiTokens.id }).from(apiTokens).limit(1)
    if (known.length > 0) return undefined
    const id = uuid()
    await tx.insert(apiTokens).values({
      ...{ id, name: 'first', hash: hashOf(ports, token), createdAt: clock.now() },
      ...{ roles: ROLES, agencies: [EVERY_AGENCY] },
    })
    await logSecurity(tx, clock.now(), {
      event: 'token.made',
      actor: 'system',
      source: undefined,
      detail: { token: id },
    })
    return token
  })
}

/** Whose token somebody shows, looked up by its keyed hash; ended and expired ones are nobody's. */
export async function knownToken(
  ports: Pick<Ports, 'db' | 'secrets' | 'clock'>,
  token: string,
): Promise<Officer | undefined> {
  const { db, clock } = ports
  const now = clock.now()
  const { id, roles, agencies, lastUsedAt } = apiTokens
  const [known] = await db
    .select({ id, roles, agencies, lastUsedAt })
    .from(apiTokens)
    .where(
      and(
        eq(apiTokens.hash, hashOf(ports, token)),
        isNull(apiTokens.endedAt),
        or(isNull(apiTokens.expiresAt), gt(apiTokens.expiresAt, now)),
      ),
    )
  if (known === undefined) return undefined
  const aMinuteAgo = new Date(now.getTime() - 60_000)
  if (known.lastUsedAt === null || known.lastUsedAt <= aMinuteAgo)
    await db.update(apiTokens).set({ lastUsedAt: now }).where(eq(id, known.id))
  return { id: known.id, actor: `staff:${known.id}`, roles: known.roles, agencies: agenciesOf(known.agencies) }
}

export interface NewToken {
  readonly name: string
  readonly roles: readonly Role[]
  readonly agencies: Officer['agencies']
  /** Null: until it is ended. */
  readonly expiresAt: Date | null
}

/** The token is in the answer, this once. */
export async function makeToken(
  ports: Ports,
  officer: Officer,
  { name, roles, agencies, expiresAt }: NewToken,
  source?: Source,
): Promise<{ readonly id: string; readonly token: string }> {
  demand(officer, 'token.manage')
  const token = newToken()
  return act(ports, officer, async (a) => {
    const id = uuid()
    const kept = agencies === 'all' ? [EVERY_AGENCY] : agencies
    await a.tx.insert(apiTokens).values({
      ...{ id, name, roles, agencies: kept, expiresAt, createdAt: a.at },
      ...{ hash: hashOf(ports, token), madeBy: officer.actor },
    })
    a.record({ of: 'api_token', id }, 'token.made', { roles, agencies: kept })
    await logSecurity(a.tx, a.at, {
      ...{ event: 'token.made', actor: officer.actor, source },
      detail: { token: id, roles, agencies: kept },
    })
    return { id, token }
  })
}

export async function endToken(
  ports: Ports,
  officer: Officer,
  id: string,
  source?: Source,
): Promise<Fault | 'missing' | undefined> {
  demand(officer, 'token.manage')
  return act(ports, { ...officer, unrecorded: true }, async (a) => {
    const [token] = await a.tx.select().from(apiTokens).where(eq(apiTokens.id, id)).for('update')
    if (token === undefined) return 'missing' as const
    if (token.endedAt !== null) return fault('rejected', 'it has ended already')
    await a.tx.update(apiTokens).set({ endedAt: a.at }).where(eq(apiTokens.id, id))
    a.record({ of: 'api_token', id }, 'token.ended')
    await logSecurity(a.tx, a.at, { event: 'token.ended', actor: officer.actor, source, detail: { token: id } })
    return undefined
  })
}

/** Oldest first; never a token itself. */
export async function listTokens({ db }: Pick<Ports, 'db'>, officer: Officer) {
  demand(officer, 'token.read')
  const { id, name, createdAt, madeBy, roles, agencies, expiresAt, endedAt, lastUsedAt } = apiTokens
  return db
    .select({ id, name, createdAt, madeBy, roles, agencies, expiresAt, endedAt, lastUsedAt })
    .from(apiTokens)
    .orderBy(asc(id))
}
