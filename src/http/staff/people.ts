import type { Ports } from '../../core/act.ts'
import type { Fault } from '../../core/fault.ts'
import { listLog } from '../../core/people/log.ts'
import { agenciesOf } from '../../core/people/officer.ts'
import { revealReporter } from '../../core/people/reveal.ts'
import { endToken, listTokens, makeToken } from '../../core/people/tokens.ts'
import * as users from '../../core/people/users.ts'
import * as contract from '../contract/people.ts'
import { iso } from '../present/rows.ts'
import { type Serving, serve } from '../serve.ts'

const day = (at: string | undefined): Date | undefined => (at === undefined ? undefined : new Date(at))

const NO_USER = { problem: 'no-such', what: 'user' } as const

export function servePeople(on: Serving, ports: Ports): void {
  serveUsers(on, ports)
  serveTokens(on, ports)

  serve(on, contract.listLog, async ({ officer, query: { from, to, ...asked } }) => {
    const { items, after } = await listLog(ports, officer, { ...asked, from: day(from), to: day(to) })
    return { items: items.map((line) => ({ ...line, at: line.at.toISOString() })), after }
  })

  serve(on, contract.revealReporter, async ({ officer, params, body, request }) => {
    const seen = await revealReporter(ports, officer, { reportId: params.id, why: body.why }, request.ip)
    if (seen === 'missing') return { problem: 'no-such', what: 'report' }
    if (seen === 'secret' || seen === 'too-many') return { problem: seen }
    const { name = null, phone = null, email = null, address = null } = seen
    return { name, phone, email, address }
  })
}

function serveUsers(on: Serving, ports: Ports): void {
  serve(on, contract.listUsers, async ({ officer }) => ({
    items: (await users.listUsers(ports, officer)).map((user) => ({
      ...user,
      roles: [...user.roles],
      agencies: plain(user.agencies),
      createdAt: user.createdAt.toISOString(),
      lastSeenAt: iso(user.lastSeenAt),
      lockedUntil: iso(user.lockedUntil),
    })),
  }))

  serve(on, contract.addUser, ({ officer, body, request }) => users.addUser(ports, officer, body, request.ip))

  const changed = async (id: string, refused: Promise<Fault | 'missing' | undefined>) => {
    const why = await refused
    return why === 'missing' ? NO_USER : (why ?? { id })
  }
  serve(on, contract.setRoles, ({ officer, params: { id }, body, request }) =>
    changed(id, users.setRoles(ports, officer, id, body, request.ip)),
  )
  serve(on, contract.disableUser, ({ officer, params: { id }, body, request }) =>
    changed(id, users.disableUser(ports, officer, id, body.why, request.ip)),
  )
  serve(on, contract.enableUser, ({ officer, params: { id }, request }) =>
    changed(id, users.enableUser(ports, officer, id, request.ip)),
  )
  serve(on, contract.unlockUser, ({ officer, params: { id }, request }) =>
    changed(id, users.unlockUser(ports, officer, id, request.ip)),
  )
  serve(on, contract.resetUser, async ({ officer, params: { id }, request }) => {
    const reset = await users.resetUser(ports, officer, id, request.ip)
    return reset === 'missing' ? NO_USER : reset
  })
}

function serveTokens(on: Serving, ports: Ports): void {
  serve(on, contract.listTokens, async ({ officer }) => ({
    items: (await listTokens(ports, officer)).map((token) => ({
      ...token,
      roles: [...token.roles],
      agencies: plain(agenciesOf(token.agencies)),
      createdAt: token.createdAt.toISOString(),
      expiresAt: iso(token.expiresAt),
      endedAt: iso(token.endedAt),
      lastUsedAt: iso(token.lastUsedAt),
    })),
  }))

  serve(on, contract.makeToken, async ({ officer, body, request }) => {
    const expiresAt = body.expiresAt === null ? null : new Date(body.expiresAt)
    return makeToken(ports, officer, { ...body, expiresAt }, request.ip)
  })

  serve(on, contract.endToken, async ({ officer, params: { id }, request }) => {
    const refused = await endToken(ports, officer, id, request.ip)
    return refused === 'missing' ? { problem: 'no-such', what: 'token' } : (refused ?? { id })
  })
}

const plain = (agencies: 'all' | readonly string[]) => (agencies === 'all' ? agencies : [...agencies])
