import { eq } from 'drizzle-orm'
import { Secret, TOTP } from 'otpauth'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type TestServer, testServer } from '../../../test/support/server.ts'
import { isFault } from '../../core/fault.ts'
import { COMMAND_LINE } from '../../core/people/officer.ts'
import { addUser, type Granted, resetUser, unlockUser } from '../../core/people/users.ts'
import { securityLog, sessions, users } from '../../core/tables/index.ts'

const GOOD = 'Cơn mưa rào thứ 3'
const MINUTE = 60_000
const HOUR = 60 * MINUTE

let t: TestServer
beforeAll(async () => {
  t = await testServer()
})
afterAll(() => t.close())
let count = 0
beforeEach(() => {
  count++
  t.clock.move(HOUR)
})

interface Said {
  readonly status: number
  readonly problem: string | undefined
  // biome-ignore lint/suspicious/noExplicitAny: what the contract says is checked by its schema on the way out
  readonly body: any
  readonly cookie: string | undefined
}

async function ask(method: string, path: string, body?: object, headers: Record<string, string> = {}): Promise<Said> {
  const answer = await fetch(`${t.url}/api/v1${path}`, {
    method,
    headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const said = (await answer.json()) as { type?: string }
  const problem = said.type?.replace('urn:paht:problem:', '')
  return { status: answer.status, problem, body: said, cookie: answer.headers.get('set-cookie') ?? undefined }
}

const signIn = (login: string, password: string, more: object = { as: 'bearer' }) =>
  ask('POST', '/session', { login, password, ...more })
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

async function newUser(roles: Granted['roles']): Promise<{ id: string; login: string; password: string }> {
  const login = `nguoi.${count}.${roles.join('.')}`
  const added = await addUser(t.ports, COMMAND_LINE, { login, name: 'Lò Văn Mẫu', contacts: {}, roles, agencies: [] })
  if (isFault(added)) throw new Error(added.message)
  return { id: added.id, login, password: added.password }
}

/** With a password of their own, signed in. */
async function ready(roles: Granted['roles'] = ['triage']) {
  const user = await newUser(roles)
  const { token } = (await signIn(user.login, user.password)).body
  const changed = await ask('POST', '/session/password', { current: user.password, next: GOOD }, bearer(token))
  expect(changed).toMatchObject({ status: 200, body: { state: 'open' } })
  return { ...user, password: GOOD, token: token as string }
}

const codeAt = (secret: string, at = t.clock.now()) =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: at.getTime() })

async function enrolled(roles: Granted['roles']) {
  const user = await newUser(roles)
  const { token } = (await signIn(user.login, user.password)).body
  const begun = await ask('POST', '/session/totp', { password: user.password }, bearer(token))
  const { secret } = begun.body
  const confirmed = await ask('POST', '/session/totp/confirm', { code: codeAt(secret) }, bearer(token))
  expect(confirmed).toMatchObject({ status: 200, body: { state: 'must-change', secondFactor: true } })
  const next = 'tám ký tự'
  const changed = await ask('POST', '/session/password', { current: user.password, next }, bearer(token))
  expect(changed).toMatchObject({ status: 200, body: { state: 'open' } })
  return { ...user, password: next, token: token as string, secret: secret as string }
}

const logged = async (actor: string) =>
  (await t.ports.db.select().from(securityLog).where(eq(securityLog.actor, actor)).orderBy(securityLog.id)).map(
    ({ event }) => event,
  )

describe('signing in', () => {
  it('with a temporary password opens nothing but its own change', async () => {
    const { login, password } = await newUser(['triage'])
    const { body } = await signIn(login.toUpperCase(), password)
    expect(body).toMatchObject({ login, state: 'must-change', roles: ['triage'], may: expect.any(Array) })
    expect(await ask('GET', '/cases', undefined, bearer(body.token))).toMatchObject({ problem: 'must-change' })
    const weak = (next: string) =>
      ask('POST', '/session/password', { current: password, next }, bearer(body.token)).then(({ problem }) => problem)
    expect(await weak('ngắn')).toBe('password-short')
    expect(await weak('dài nhưng chỉ có chữ')).toBe('password-classes')
    expect(await weak(password)).toMatch(/^password-/)
    await ask('POST', '/session/password', { current: password, next: GOOD }, bearer(body.token))
    expect(await ask('GET', '/cases', undefined, bearer(body.token))).toMatchObject({ status: 200 })
    expect((await signIn(login, password)).status).toBe(401)
  })

  it('unknown, wrong, locked and disabled are one answer', async () => {
    const { login } = await ready()
    const off = await ready(['operator'])
    await t.ports.db.update(users).set({ state: 'disabled' }).where(eq(users.id, off.id))
    const locked = await ready(['auditor'])
    for (let i = 0; i < 5; i++) await signIn(locked.login, 'x')
    const answers = [
      await signIn('khong.co', GOOD),
      await signIn(login, 'x'),
      await signIn(off.login, GOOD),
      await signIn(locked.login, GOOD),
    ]
    for (const answer of answers) expect(answer).toEqual({ ...answers[0], body: answers[0]!.body })
    expect(answers[0]).toMatchObject({ status: 401, problem: 'wrong-login', cookie: undefined })
  })

  it('an account locks after five failures, for twelve hours, or until IT unlocks it', async () => {
    const { id, login } = await ready()
    for (let i = 0; i < 4; i++) await signIn(login, 'x')
    expect((await signIn(login, GOOD)).status).toBe(200)
    for (let i = 0; i < 5; i++) await signIn(login, 'x')
    expect((await signIn(login, GOOD)).status).toBe(401)
    await unlockUser(t.ports, COMMAND_LINE, id)
    expect((await signIn(login, GOOD)).status).toBe(200)
    for (let i = 0; i < 5; i++) await signIn(login, 'x')
    t.clock.move(12 * HOUR - 1)
    expect((await signIn(login, GOOD)).status).toBe(401)
    t.clock.move(1)
    expect((await signIn(login, GOOD)).status).toBe(200)
    expect((await logged(`user:${id}`)).filter((event) => event === 'user.locked')).toHaveLength(2)
  })

  it('a hundred tries at once are no more than five', async () => {
    const { id, login } = await ready()
    const tries = await Promise.all(Array.from({ length: 30 }, (_, i) => signIn(login, i === 29 ? GOOD : 'x')))
    expect(tries.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1)
    const judged = (await logged(`user:${id}`)).filter((event) => event === 'session.refused')
    expect(judged.length).toBeLessThanOrEqual(7)
    expect((await signIn(login, GOOD)).status).toBe(401)
  })

  it('gives a browser a cookie that no script reads, and no token', async () => {
    const { login } = await ready()
    const { body, cookie } = await signIn(login, GOOD, {})
    expect(cookie).toMatch(/^paht=pahts_[\w-]+; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Strict$/)
    expect(body.token).toBeUndefined()
  })

  it('is not done by another site’s page', async () => {
    const { login } = await ready()
    const other = await ask('POST', '/session', { login, password: GOOD }, { 'sec-fetch-site': 'cross-site' })
    expect(other).toMatchObject({ status: 403, problem: 'cross-site', cookie: undefined })
  })
})

describe('a second factor', () => {
  it('is asked for at each sign-in, and a code is taken once', async () => {
    const { login, password, secret } = await enrolled(['triage'])
    t.clock.move(MINUTE)
    const { token } = (await signIn(login, password)).body
    for (const [method, path] of [
      ['GET', '/cases'],
      ['POST', '/session/password'],
      ['POST', '/session/totp'],
    ] as const)
      expect(await ask(method, path, method === 'POST' ? {} : undefined, bearer(token))).toMatchObject({
        problem: 'second-step',
      })
    const code = codeAt(secret)
    expect(await ask('POST', '/session/code', { code: '000000' }, bearer(token))).toMatchObject({ status: 422 })
    expect(await ask('POST', '/session/code', { code }, bearer(token))).toMatchObject({ body: { state: 'open' } })
    const other = (await signIn(login, password)).body.token
    expect(await ask('POST', '/session/code', { code }, bearer(other))).toMatchObject({ problem: 'wrong-code' })
  })

  it('cannot be guessed by signing in again and again with the right password', async () => {
    const { login, password, secret } = await enrolled(['triage'])
    t.clock.move(MINUTE)
    for (let i = 0; i < 5; i++) {
      const { token } = (await signIn(login, password)).body
      await ask('POST', '/session/code', { code: '000000' }, bearer(token))
    }
    expect((await signIn(login, password)).status).toBe(401)
    t.clock.move(12 * HOUR)
    const { token } = (await signIn(login, password)).body
    expect(await ask('POST', '/session/code', { code: codeAt(secret) }, bearer(token))).toMatchObject({ status: 200 })
  })

  it('is what IT must have, and it must change its password every two months', async () => {
    const user = await newUser(['it'])
    const { token } = (await signIn(user.login, user.password)).body
    expect(await ask('GET', '/users', undefined, bearer(token))).toMatchObject({ problem: 'must-enrol' })
    const it_ = await enrolled(['it', 'triage'])
    expect(await ask('GET', '/users', undefined, bearer(it_.token))).toMatchObject({ status: 200 })
    for (const _ of [1, 2]) {
      t.clock.move(31 * 24 * HOUR)
      const next = (await signIn(it_.login, it_.password)).body.token
      await ask('POST', '/session/code', { code: codeAt(it_.secret) }, bearer(next))
      const now = await ask('GET', '/users', undefined, bearer(next))
      expect(now.problem).toBe(_ === 1 ? undefined : 'must-change')
    }
  })

  it('goes with a reset, and so does every session', async () => {
    const { id, login, token, password } = await enrolled(['triage'])
    const reset = await resetUser(t.ports, COMMAND_LINE, id)
    if (reset === 'missing' || isFault(reset)) throw new Error('not reset')
    expect((await ask('GET', '/session', undefined, bearer(token))).status).toBe(401)
    expect((await signIn(login, password)).status).toBe(401)
    expect((await signIn(login, reset.password)).body).toMatchObject({ state: 'must-change', secondFactor: false })
  })
})

describe('a session', () => {
  it('asks for the password after fifteen minutes without a request, five for IT', async () => {
    const one = await ready()
    t.clock.move(14 * MINUTE)
    expect((await ask('GET', '/cases', undefined, bearer(one.token))).status).toBe(200)
    t.clock.move(14 * MINUTE)
    expect((await ask('GET', '/cases', undefined, bearer(one.token))).status).toBe(200)
    t.clock.move(15 * MINUTE)
    expect(await ask('GET', '/cases', undefined, bearer(one.token))).toMatchObject({ status: 403, problem: 'idle' })
    expect(await ask('GET', '/session', undefined, bearer(one.token))).toMatchObject({ body: { state: 'idle' } })
    const unlock = (password: string) => ask('POST', '/session/unlock', { password }, bearer(one.token))
    expect(await unlock('x')).toMatchObject({ problem: 'wrong-password' })
    expect(await unlock(GOOD)).toMatchObject({ status: 200, body: { state: 'open' } })
    const it_ = await enrolled(['it'])
    t.clock.move(5 * MINUTE)
    expect(await ask('GET', '/users', undefined, bearer(it_.token))).toMatchObject({ problem: 'idle' })
  })

  it('ends after twelve hours, however busy', async () => {
    const { token } = await ready()
    for (let i = 0; i < 72; i++) {
      expect((await ask('GET', '/session', undefined, bearer(token))).status).toBe(200)
      t.clock.move(10 * MINUTE)
    }
    expect((await ask('GET', '/session', undefined, bearer(token))).status).toBe(401)
  })

  it('ends by signing out, by a changed password elsewhere, and by being disabled', async () => {
    const { id, login, token } = await ready()
    const other = (await signIn(login, GOOD)).body.token as string
    await ask('POST', '/session/password', { current: GOOD, next: `${GOOD} nữa` }, bearer(token))
    expect((await ask('GET', '/session', undefined, bearer(other))).status).toBe(401)
    expect((await ask('DELETE', '/session', undefined, bearer(token))).status).toBe(200)
    expect((await ask('GET', '/session', undefined, bearer(token))).status).toBe(401)
    const third = (await signIn(login, `${GOOD} nữa`)).body.token as string
    await t.ports.db.update(users).set({ state: 'disabled' }).where(eq(users.id, id))
    expect((await ask('GET', '/session', undefined, bearer(third))).status).toBe(401)
  })

  it('by a cookie changes nothing for another site’s page', async () => {
    const { login } = await ready()
    const cookie = (await signIn(login, GOOD, {})).cookie!.split(';')[0]!
    const signOut = (headers: Record<string, string>) => ask('DELETE', '/session', undefined, { cookie, ...headers })
    expect(await ask('GET', '/session', undefined, { cookie })).toMatchObject({ status: 200 })
    expect(await signOut({})).toMatchObject({ problem: 'cross-site' })
    expect(await signOut({ 'sec-fetch-site': 'same-site' })).toMatchObject({ problem: 'cross-site' })
    expect(await signOut({ origin: 'https://evil.example' })).toMatchObject({ problem: 'cross-site' })
    expect(await signOut({ 'sec-fetch-site': 'same-origin' })).toMatchObject({ status: 200 })
    expect((await ask('GET', '/session', undefined, { cookie })).status).toBe(401)
  })

  it('keeps its token as a keyed hash, and a password as none of the last ten', async () => {
    const { id, token } = await ready()
    const kept = await t.ports.db.select().from(sessions).where(eq(sessions.userId, id))
    expect(JSON.stringify(kept)).not.toContain(token.slice(6))
    const change = (current: string, next: string) =>
      ask('POST', '/session/password', { current, next }, bearer(token)).then(({ problem }) => problem)
    const nth = (n: number) => `${GOOD} lần ${n}`
    expect(await change(GOOD, GOOD)).toBe('password-used')
    for (let n = 0; n < 10; n++) expect(await change(n === 0 ? GOOD : nth(n - 1), nth(n))).toBeUndefined()
    expect(await change(nth(9), nth(0))).toBe('password-used')
    expect(await change(nth(9), GOOD)).toBeUndefined()
  })
})

it('the security log says who came and who was refused, and never a password or a token', async () => {
  const { id, login, token } = await ready()
  await signIn(login, 'Sai mật khẩu 1!')
  expect(await logged(`user:${id}`)).toEqual(['session.opened', 'user.password-changed', 'session.refused'])
  const all = JSON.stringify(await t.ports.db.select().from(securityLog))
  for (const secret of [GOOD, 'Sai mật khẩu', token, login]) expect(all).not.toContain(secret)
  await expect(t.ports.db.update(securityLog).set({ event: 'nothing' })).rejects.toMatchObject({
    cause: { message: 'the security log is append-only' },
  })
})
