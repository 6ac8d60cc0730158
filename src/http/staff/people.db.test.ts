import { eq } from 'drizzle-orm'
import { v7 as uuid } from 'uuid'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { citizens } from '../../../test/support/citizens.ts'
import { type SignedInOfficer, signedInAs } from '../../../test/support/people.ts'
import { type TestServer, testServer } from '../../../test/support/server.ts'
import { verifyHistory } from '../../core/history/verify.ts'
import { forgetLog } from '../../core/people/log.ts'
import type { Officer } from '../../core/people/officer.ts'
import { rulesOf } from '../../core/people/rules.ts'
import { signIn } from '../../core/people/sign-in.ts'
import { disableAsleep, listUsers } from '../../core/people/users.ts'
import { applyConfig } from '../../core/settings/apply.ts'
import { ConfigFile } from '../../core/settings/config-file.ts'
import { exportConfig } from '../../core/settings/export.ts'
import { agencies, assignments, cases, history, reports, securityLog } from '../../core/tables/index.ts'

const NOBODY = '00000000-0000-7000-8000-000000000000'
const DAY = 86_400_000
const AUDITOR: Officer = { id: 'x', actor: 'user:x', roles: ['auditor'], agencies: [] }
const MARK = { name: 'Vàng Thị Kiểm', phone: '0987654321' }

let t: TestServer
let it_: SignedInOfficer
let triage: SignedInOfficer
let all: string[]
beforeAll(async () => {
  t = await testServer()
  it_ = await signedInAs(t.ports, ['it'])
  triage = await signedInAs(t.ports, ['triage'])
  all = (await t.ports.db.select({ id: agencies.id }).from(agencies).orderBy(agencies.id)).map(({ id }) => id)
})
afterAll(() => t.close())

async function ask(who: { readonly headers: Record<string, string> }, method: string, path: string, body?: object) {
  const answer = await fetch(`${t.url}/api/v1${path}`, {
    method,
    headers: { ...who.headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  // biome-ignore lint/suspicious/noExplicitAny: what the contract says is checked by its schema on the way out
  const said = (await answer.json()) as any
  return { status: answer.status, problem: said.type?.replace('urn:paht:problem:', ''), body: said }
}

const people = citizens(11)
async function report(more: object = {}): Promise<{ caseId: string; reportId: string }> {
  const answer = await fetch(`${t.url}/api/v1/reports`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...people.next().value, lat: undefined, lng: undefined, ...more }),
  })
  const { code } = (await answer.json()) as { code: string }
  await t.work()
  const [row] = await t.ports.db.select().from(reports).where(eq(reports.code, code))
  return { caseId: row!.caseId, reportId: row!.id }
}

/** A share, as an operation would give it; ended or not. */
async function give(caseId: string, agencyId: string, endedAt: Date | null = null): Promise<void> {
  const at = t.clock.now()
  await t.ports.db
    .insert(assignments)
    .values({ id: uuid(), caseId, agencyId, role: 'lead', state: 'delivered', assignedAt: at, endedAt })
}

describe('IT', () => {
  it('opens, changes, ends and opens again an account; each stands in its history and in the security log', async () => {
    const asked = { login: 'Lò.Mẫu', name: 'Lò Văn Mẫu', roles: ['agency'], agencies: [all[0]], contacts: {} }
    const { body } = await ask(it_, 'POST', '/users', asked)
    expect(body).toEqual({ id: expect.any(String), password: expect.stringMatching(/^[\w-]{20}$/) })
    const change = (verb: string, more: object = {}) => ask(it_, 'POST', `/users/${body.id}/${verb}`, more)
    expect(await ask(it_, 'POST', '/users', asked)).toMatchObject({ status: 422 })
    expect(await change('roles', { roles: ['triage', 'operator'] })).toMatchObject({ status: 200 })
    expect(await change('disable', { why: 'moved on' })).toMatchObject({ status: 200 })
    const users = (await ask(it_, 'GET', '/users')).body.items as { id: string }[]
    const seen = { login: 'lò.mẫu', state: 'disabled', roles: ['operator', 'triage'], agencies: [], mustChange: true }
    expect(users.find(({ id }) => id === body.id)).toMatchObject({ ...seen, roles: expect.arrayContaining(seen.roles) })
    for (const verb of ['enable', 'unlock', 'reset']) expect(await change(verb)).toMatchObject({ status: 200 })
    const lines = await t.ports.db
      .select()
      .from(history)
      .where(eq(history.chain, `user:${body.id}`))
      .orderBy(history.seq)
    const kinds = ['user.added', 'user.roles-set', 'user.disabled', 'user.enabled', 'user.unlocked', 'user.reset']
    expect(lines.map(({ kind }) => kind)).toEqual(kinds)
    const logged = await t.ports.db.select().from(securityLog).where(eq(securityLog.actor, it_.actor))
    for (const event of kinds) expect(logged).toContainEqual(expect.objectContaining({ event, source: '127.0.0.1' }))
    expect(await verifyHistory(t.ports.db, t.ports.secrets)).toEqual([])
  })

  it('does not change its own roles or disable itself, and gives no share of an agency that is none', async () => {
    const refused = async (path: string, body: object) => (await ask(it_, 'POST', path, body)).status
    expect(await refused(`/users/${it_.id}/roles`, { roles: ['it', 'triage'] })).toBe(422)
    expect(await refused(`/users/${it_.id}/disable`, { why: 'x' })).toBe(422)
    expect(await refused(`/users/${triage.id}/roles`, { roles: ['agency'] })).toBe(422)
    expect(await refused(`/users/${triage.id}/roles`, { roles: ['agency'], agencies: ['none'] })).toBe(422)
    expect(await refused(`/users/${NOBODY}/roles`, { roles: ['operator'] })).toBe(404)
    expect((await listUsers(t.ports, AUDITOR)).find(({ id }) => id === triage.id)?.roles).toEqual(['triage'])
  })

  it('gives a program a token, once, which ends by itself or is ended', async () => {
    const expiresAt = new Date(t.clock.now().getTime() + DAY).toISOString()
    const made = await ask(it_, 'POST', '/tokens', { name: 'statistics', roles: ['auditor'], expiresAt })
    const { id, token } = made.body as { id: string; token: string }
    const program = { headers: { authorization: `Bearer ${token}` } }
    expect(await ask(program, 'GET', '/session')).toMatchObject({ body: { roles: ['auditor'], login: null } })
    expect((await ask(program, 'POST', '/users', {})).status).toBe(403)
    expect(JSON.stringify((await ask(it_, 'GET', '/tokens')).body)).not.toContain(token)
    t.clock.move(DAY)
    expect((await ask(program, 'GET', '/session')).status).toBe(401)
    it_ = await signedInAs(t.ports, ['it'])
    const other = (await ask(it_, 'POST', '/tokens', { name: 'x', roles: ['auditor'], expiresAt: null })).body
    const second = { headers: { authorization: `Bearer ${other.token}` } }
    expect((await ask(second, 'GET', '/session')).status).toBe(200)
    expect((await ask(it_, 'POST', `/tokens/${other.id}/end`)).status).toBe(200)
    expect((await ask(second, 'GET', '/session')).status).toBe(401)
    expect((await ask(it_, 'POST', `/tokens/${id}x/end`)).status).toBe(404)
  })
})

describe('what nobody uses', () => {
  it('an account sleeps after 45 days and is disabled; old lines of the security log go after a year', async () => {
    const added = await ask(it_, 'POST', '/users', { login: 'asleep', name: 'x', roles: ['operator'] })
    const rules = await rulesOf(t.ports.db)
    const tryIn = () => signIn(t.ports, { login: 'asleep', password: added.body.password }, undefined)
    t.clock.move(45 * DAY - 1)
    await disableAsleep(t.ports, rules)
    expect(await tryIn()).toMatchObject({ session: { state: 'must-change' } })
    t.clock.move(45 * DAY)
    expect(await tryIn()).toBe('wrong')
    await disableAsleep(t.ports, rules)
    const seen = await listUsers(t.ports, AUDITOR)
    expect(seen.find(({ login }) => login === 'asleep')?.state).toBe('disabled')
    const before = await t.ports.db.$count(securityLog)
    t.clock.move(200 * DAY)
    await forgetLog(t.ports, rules.logMonths)
    expect(await t.ports.db.$count(securityLog)).toBe(before)
    t.clock.move(200 * DAY)
    await forgetLog(t.ports, rules.logMonths)
    expect(await t.ports.db.$count(securityLog)).toBeLessThan(before)
    it_ = await signedInAs(t.ports, ['it'])
    triage = await signedInAs(t.ports, ['triage'])
  })

  it('rules come by the config file, and go out by it', async () => {
    const config = ConfigFile.parse({ accounts: { failures: 3 } })
    expect(await applyConfig(t.ports, 'command-line', { config })).toMatchObject({ changed: ['accounts'] })
    expect(await applyConfig(t.ports, 'command-line', { config })).toMatchObject({ changed: [] })
    expect((await rulesOf(t.ports.db)).failures).toBe(3)
    expect((await exportConfig(t.ports)).accounts).toMatchObject({ failures: 3, lockHours: 12 })
  })
})

describe('an agency', () => {
  it('sees what it has or had a share in, with what was joined to it, and nothing else', async () => {
    const { headers } = await signedInAs(t.ports, ['agency'], [all[1]!])
    const [has, had, others, joined, root] = [
      await report(),
      await report(),
      await report(),
      await report(),
      await report(),
    ]
    await give(has.caseId, all[1]!)
    await give(had.caseId, all[1]!, t.clock.now())
    await give(others.caseId, all[2]!)
    await give(joined.caseId, all[1]!)
    await t.ports.db.update(cases).set({ joinedTo: root.caseId }).where(eq(cases.id, joined.caseId))
    const list = (await ask({ headers }, 'GET', '/cases')).body.items as { id: string }[]
    const mine = [has, had, joined, root].map(({ caseId }) => caseId)
    expect(list.map(({ id }) => id).sort()).toEqual(mine.sort())
    for (const id of mine) expect((await ask({ headers }, 'GET', `/cases/${id}`)).status).toBe(200)
    const theirs = await ask({ headers }, 'GET', `/cases/${others.caseId}`)
    const nothing = await ask({ headers }, 'GET', `/cases/${NOBODY}`)
    expect(theirs).toEqual(nothing)
    const sent = (await ask({ headers }, 'GET', '/submissions')).body.items as { caseId: string }[]
    expect(sent.map(({ caseId }) => caseId).sort()).toEqual(mine.sort())
  })
})

describe('who sent a report', () => {
  const reveal = (who: SignedInOfficer, id: string, why = 'to ask where it is') =>
    ask(who, 'POST', `/reporters/${id}/reveal`, { why })

  it('is shown to triage for a reason; both logs have it, without anything of the reporter', async () => {
    const { caseId, reportId } = await report(MARK)
    const seen = await reveal(triage, reportId, `gọi lại bà ${MARK.name}, ${MARK.phone}`)
    expect(seen).toMatchObject({ status: 200, body: { name: MARK.name, phone: '+84987654321', email: null } })
    const lines = (await ask(triage, 'GET', `/cases/${caseId}`)).body.history
    const line = { kind: 'identity.revealed', actor: triage.actor }
    expect(lines.at(-1)).toMatchObject({ ...line, body: { report: reportId, why: 'gọi lại bà ●●●, ●●●' } })
    const logged = await t.ports.db.select().from(securityLog).where(eq(securityLog.event, 'identity.revealed'))
    expect(logged).toMatchObject([{ actor: triage.actor, detail: { report: reportId, case: caseId } }])
    expect(JSON.stringify([lines, logged])).not.toMatch(/Kiểm|987654321/)
  })

  it.each(['', '  ', 'x'.repeat(501)])('is not shown for no reason: %j', async (why) => {
    const { reportId } = await report()
    expect(await reveal(triage, reportId, why)).toMatchObject({ problem: 'invalid' })
  })

  it('is open to an agency only where no flag keeps it secret, and while it has the case', async () => {
    const { caseId, reportId } = await report(MARK)
    const [mine, gone] = [
      await signedInAs(t.ports, ['leader'], [all[1]!]),
      await signedInAs(t.ports, ['agency'], [all[2]!]),
    ]
    await give(caseId, all[1]!)
    await give(caseId, all[2]!, t.clock.now())
    expect(await reveal(mine, reportId)).toMatchObject({ status: 403, problem: 'secret' })
    await t.ports.db.update(reports).set({ identitySecret: false }).where(eq(reports.id, reportId))
    expect(await reveal(mine, reportId)).toMatchObject({ status: 200, body: { name: MARK.name } })
    expect(await reveal(gone, reportId)).toMatchObject({ problem: 'secret' })
    expect(await reveal(mine, NOBODY)).toMatchObject({ status: 404 })
  })

  it('is shown so many times an hour, also to who asks many times at once', async () => {
    const { reportId } = await report()
    const curious = await signedInAs(t.ports, ['triage'])
    const tries = await Promise.all(Array.from({ length: 34 }, () => reveal(curious, reportId)))
    expect(tries.filter(({ status }) => status === 200)).toHaveLength(30)
    expect(tries.filter(({ problem }) => problem === 'too-many')).toHaveLength(4)
    t.clock.move(3600_000)
    const later = await signedInAs(t.ports, ['triage'])
    expect(await reveal(later, reportId)).toMatchObject({ status: 200 })
  })
})
