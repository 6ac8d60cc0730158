import { asc, eq, inArray } from 'drizzle-orm'
import { v7 as uuid } from 'uuid'
import { isUniqueViolation } from '../../platform/database/database.ts'
import { type Act, act, type Ports } from '../act.ts'
import { DAY_MS } from '../day.ts'
import { type Fault, fault } from '../fault.ts'
import { agencies as agencyTable, userRoles, users } from '../tables/index.ts'
import type { Role } from '../words.ts'
import { logSecurity, type Source } from './log.ts'
import { demand, isScoped } from './may.ts'
import { agenciesOf, EVERY_AGENCY, type Officer } from './officer.ts'
import { hashPassword, temporaryPassword } from './password.ts'
import type { AccountRules } from './rules.ts'
import { endSessions } from './session.ts'
import { foldLogin, type User } from './tries.ts'

export interface Granted {
  readonly roles: readonly Role[]
  /** Of the roles `agency` and `leader`. */
  readonly agencies: Officer['agencies']
}

export interface NewUser extends Granted {
  readonly login: string
  readonly name: string
  readonly contacts: User['contacts']
}

/** Opens nothing but its own change; shown once, to be handed over. */
export interface Temporary {
  readonly id: string
  readonly password: string
}

export async function addUser(
  ports: Ports,
  officer: Officer,
  { login: typed, name, contacts, ...granted }: NewUser,
  source?: Source,
): Promise<Temporary | Fault> {
  demand(officer, 'user.manage')
  const login = foldLogin(typed)
  const password = temporaryPassword()
  const passwordHash = await hashPassword(password)
  try {
    return await act(ports, officer, async (a) => {
      const id = uuid()
      await a.tx.insert(users).values({
        ...{ id, login, name, contacts, state: 'active', createdAt: a.at },
        ...{ passwordHash, passwordSetAt: a.at, mustChange: true, lastSeenAt: a.at },
      })
      const refused = await grant(a, id, granted)
      if (refused !== undefined) return refused
      await note(a, { event: 'user.added', user: id, source, detail: wordsOf(granted) })
      return { id, password }
    })
  } catch (error) {
    if (isUniqueViolation(error, 'user_login')) return fault('rejected', `${login}: there is such a login already`)
    throw error
  }
}

/** Instead of those before. Nobody changes their own. */
export function setRoles(ports: Ports, officer: Officer, id: string, granted: Granted, source?: Source) {
  return change(ports, officer, { id, source, others: true }, async (a) => {
    await a.tx.delete(userRoles).where(eq(userRoles.userId, id))
    const refused = await grant(a, id, granted)
    if (refused !== undefined) return refused
    return { event: 'user.roles-set', detail: wordsOf(granted) }
  })
}

/** Every session of theirs ends. Not one's own. */
export function disableUser(ports: Ports, officer: Officer, id: string, why: string, source?: Source) {
  return change(ports, officer, { id, source, others: true }, async (a) => {
    await disable(a, id)
    return { event: 'user.disabled', detail: { why } }
  })
}

async function disable(a: Act, id: string): Promise<void> {
  await a.tx.update(users).set({ state: 'disabled' }).where(eq(users.id, id))
  await endSessions(a.tx, id, a.at)
}

/** Its days without signing in begin anew. */
export function enableUser(ports: Ports, officer: Officer, id: string, source?: Source) {
  return change(ports, officer, { id, source }, async (a) => {
    await a.tx.update(users).set({ state: 'active', lastSeenAt: a.at }).where(eq(users.id, id))
    return { event: 'user.enabled' }
  })
}

/** Before the lock is over (TCVN 14423:2026, 5.5.2.2). */
export function unlockUser(ports: Ports, officer: Officer, id: string, source?: Source) {
  return change(ports, officer, { id, source }, async (a) => {
    await a.tx.update(users).set({ failedTries: 0, lockedUntil: null }).where(eq(users.id, id))
    return { event: 'user.unlocked' }
  })
}

/** A temporary password, no second factor, no session, no lock: for who has lost one or the other. */
export async function resetUser(
  ports: Ports,
  officer: Officer,
  id: string,
  source?: Source,
): Promise<Temporary | Fault | 'missing'> {
  demand(officer, 'user.manage')
  const password = temporaryPassword()
  const passwordHash = await hashPassword(password)
  const refused = await change(ports, officer, { id, source }, async (a, user) => {
    const oldHashes = [user.passwordHash, ...user.oldHashes].filter((hash) => hash !== null)
    await a.tx
      .update(users)
      .set({
        ...{ passwordHash, oldHashes, passwordSetAt: a.at, mustChange: true, failedTries: 0, lockedUntil: null },
        ...{ totpSecret: null, totpPending: null, totpStep: null },
      })
      .where(eq(users.id, id))
    await endSessions(a.tx, id, a.at)
    return { event: 'user.reset' }
  })
  return refused ?? { id, password }
}

interface Changing {
  readonly id: string
  readonly source: Source
  /** Nobody does it to themselves. */
  readonly others?: true
}

type Noted = { readonly event: string; readonly detail?: Readonly<Record<string, string | readonly string[]>> }

async function change(
  ports: Ports,
  officer: Officer,
  { id, source, others }: Changing,
  apply: (a: Act, user: User) => Promise<Noted | Fault>,
): Promise<Fault | 'missing' | undefined> {
  demand(officer, 'user.manage')
  if (others && officer.id === id) return fault('rejected', 'nobody does this to their own account')
  return act(ports, { ...officer, unrecorded: true }, async (a) => {
    const [user] = await a.tx.select().from(users).where(eq(users.id, id)).for('update')
    if (user === undefined) return 'missing' as const
    const done = await apply(a, user)
    if ('fault' in done) return done
    await note(a, { ...done, user: id, source })
    return undefined
  })
}

/** In the user's history, and in the security log. */
async function note(
  a: Act,
  { event, user, source, detail = {} }: Noted & { user: string; source: Source },
): Promise<void> {
  a.record({ of: 'user', id: user }, event, detail)
  await logSecurity(a.tx, a.at, { event, actor: a.actor, source, detail: { user, ...detail } })
}

async function grant(a: Act, userId: string, { roles, agencies }: Granted): Promise<Fault | undefined> {
  const kept = agencies === 'all' ? [EVERY_AGENCY] : [...new Set(agencies)]
  if (roles.some(isScoped) && kept.length === 0) return fault('rejected', 'the roles agency and leader need an agency')
  if (agencies !== 'all' && kept.length > 0) {
    const known = await a.tx.select({ id: agencyTable.id }).from(agencyTable).where(inArray(agencyTable.id, kept))
    const unknown = kept.filter((id) => !known.some((agency) => agency.id === id))
    if (unknown.length > 0) return fault('rejected', `no such agency: ${unknown.join(', ')}`)
  }
  const rows = [...new Set(roles)].flatMap((role) =>
    (isScoped(role) ? kept : ['']).map((agencyId) => ({ userId, role, agencyId })),
  )
  await a.tx.insert(userRoles).values(rows)
  return undefined
}

const wordsOf = ({ roles, agencies }: Granted) => ({ roles, agencies: agencies === 'all' ? [EVERY_AGENCY] : agencies })

export interface UserSeen
  extends Pick<User, 'id' | 'login' | 'name' | 'contacts' | 'state' | 'createdAt' | 'lastSeenAt' | 'lockedUntil'>,
    Granted {
  readonly secondFactor: boolean
  readonly mustChange: boolean
}

/** By login. */
export async function listUsers({ db }: Pick<Ports, 'db'>, officer: Officer): Promise<UserSeen[]> {
  demand(officer, 'user.read')
  const granted = await db.select().from(userRoles)
  return (await db.select().from(users).orderBy(asc(users.login))).map((user) => {
    const own = granted.filter(({ userId }) => userId === user.id)
    const { id, login, name, contacts, state, createdAt, lastSeenAt, lockedUntil, mustChange } = user
    return {
      ...{ id, login, name, contacts, state, createdAt, lastSeenAt, lockedUntil, mustChange },
      secondFactor: user.totpSecret !== null,
      roles: [...new Set(own.map(({ role }) => role))],
      agencies: agenciesOf([...new Set(own.flatMap(({ agencyId }) => (agencyId === '' ? [] : [agencyId])))]),
    }
  })
}

/** TCVN 14423:2026, 5.6.2.3: nobody has signed in for so many days. */
export function isAsleep({ lastSeenAt, createdAt }: User, { idleAccountDays }: AccountRules, now: Date): boolean {
  return now.getTime() - (lastSeenAt ?? createdAt).getTime() >= idleAccountDays * DAY_MS
}

/** Called by the sweep. */
export async function disableAsleep(ports: Ports, rules: AccountRules): Promise<void> {
  const active = await ports.db.select().from(users).where(eq(users.state, 'active'))
  for (const user of active.filter((each) => isAsleep(each, rules, ports.clock.now())))
    await act(ports, { actor: 'system' }, async (a) => {
      await disable(a, user.id)
      await note(a, { event: 'user.disabled', user: user.id, source: undefined, detail: { why: 'idle' } })
    })
}
