import { v7 as uuid } from 'uuid'
import type { Ports } from '../../../src/core/act.ts'
import { EVERY_AGENCY } from '../../../src/core/people/officer.ts'
import { userRoles, users } from '../../../src/core/tables/index.ts'
import { openSession } from '../../support/people.ts'
import { ask } from './ask.ts'
import type { Accounts } from './hub.ts'

const PASSWORD = 'một MẬT khẩu 2026 dài!'

/** As IT opens them, and as people sign in: with passwords, over HTTP. */
export function accountsByPassword(url: string, token: string): Accounts {
  const signIn = async (login: string, password = PASSWORD): Promise<string> => {
    const { status, body } = await ask({ url }, '', 'POST', '/session', { login, password, as: 'bearer' })
    if (status !== 200) throw new Error(`${login} does not get in: ${JSON.stringify(body)}`)
    return body.token
  }
  return {
    add: async ({ login, role, agencies }) => {
      const granted = { login, name: login, roles: [role], agencies }
      const { status, body } = await ask({ url }, token, 'POST', '/users', granted)
      if (status !== 200) throw new Error(`no user ${login}: ${JSON.stringify(body)}`)
      const passwords = { current: body.password, next: PASSWORD }
      const changed = await ask({ url }, await signIn(login, body.password), 'POST', '/session/password', passwords)
      if (changed.status !== 200) throw new Error(`no password for ${login}: ${JSON.stringify(changed.body)}`)
      return body.id
    },
    signIn: (login) => signIn(login),
  }
}

/** Straight into the tables: hashing passwords was half of the time that a scenario took. */
export function accountsAtOnce(ports: Ports): Accounts {
  const ids = new Map<string, string>()
  return {
    add: async ({ login, role, agencies }) => {
      const id = uuid()
      const createdAt = ports.clock.now()
      await ports.db.insert(users).values({ id, login, name: login, state: 'active', createdAt, mustChange: false })
      const kept = agencies === 'all' ? [EVERY_AGENCY] : agencies.length === 0 ? [''] : agencies
      await ports.db.insert(userRoles).values(kept.map((agencyId) => ({ userId: id, role, agencyId })))
      ids.set(login, id)
      return id
    },
    signIn: (login) => openSession(ports, ids.get(login)!),
  }
}
