import { randomBytes } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { v7 as uuid } from 'uuid'
import type { Ports } from '../../src/core/act.ts'
import { isFault } from '../../src/core/fault.ts'
import { COMMAND_LINE } from '../../src/core/people/officer.ts'
import { SESSION_PREFIX, sessionHash } from '../../src/core/people/session.ts'
import { newTotpSecret } from '../../src/core/people/totp.ts'
import { totpContext } from '../../src/core/people/tries.ts'
import { addUser, type Granted } from '../../src/core/people/users.ts'
import { sessions, users } from '../../src/core/tables/index.ts'

export interface SignedInOfficer {
  readonly id: string
  readonly login: string
  /** As `user:<id>`. */
  readonly actor: string
  /** The headers of their session. */
  readonly headers: { readonly authorization: string }
}

/** An officer with an open session, both steps done, without the work of hashing passwords over HTTP. */
export async function signedInAs(
  ports: Ports,
  roles: Granted['roles'],
  agencies: Granted['agencies'] = [],
): Promise<SignedInOfficer> {
  const login = `officer-${randomBytes(6).toString('hex')}`
  const added = await addUser(ports, COMMAND_LINE, { login, name: login, contacts: {}, roles, agencies })
  if (isFault(added)) throw new Error(added.message)
  const { id } = added
  const totpSecret = ports.secrets.sealSetting(newTotpSecret(), totpContext(id))
  await ports.db.update(users).set({ mustChange: false, totpSecret }).where(eq(users.id, id))
  const token = await openSession(ports, id)
  return { id, login, actor: `user:${id}`, headers: { authorization: `Bearer ${token}` } }
}

/** A session with both steps done; its token. */
export async function openSession({ db, clock, ...ports }: Ports, userId: string): Promise<string> {
  const token = `${SESSION_PREFIX}${randomBytes(24).toString('base64url')}`
  const at = clock.now()
  await db.insert(sessions).values({
    ...{ id: uuid(), hash: sessionHash(ports, token), userId },
    ...{ createdAt: at, lastSeenAt: at, secondStepAt: at },
  })
  return token
}
