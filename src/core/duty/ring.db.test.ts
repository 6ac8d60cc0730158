import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestServer, testServer } from '../../../test/support/server.ts'
import { act } from '../act.ts'
import { isRefused } from '../cases/refused.ts'
import type { Officer } from '../people/officer.ts'
import { cases, dutyRoster, officerNotices, rings } from '../tables/index.ts'
import { listOfficerNotices, readOfficerNotice } from './inbox.ts'
import { openRings, setRoster, startRing, takeRing } from './ring.ts'

let t: TestServer
beforeAll(async () => {
  t = await testServer()
})
afterAll(() => t.close())

const MINUTE = 60_000
const ID = '00000000-0000-4000-8000-00000000000'
const officer = (n: number): Officer => ({ id: ID + n, actor: `user:${ID}${n}`, roles: ['triage'], agencies: [] })

async function anUrgentCase(): Promise<string> {
  const answer = await fetch(`${t.url}/api/v1/reports`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Lò Văn Thử', phone: '0912345678', content: `Cháy chợ ${Math.random()}` }),
  })
  expect(answer.status).toBe(201)
  await t.work()
  const [own] = await t.ports.db.select().from(cases).orderBy(cases.openedAt).limit(1)
  return own!.id
}

const rungOf = async (caseId: string) =>
  (
    await t.ports.db.select().from(officerNotices).where(eq(officerNotices.caseId, caseId)).orderBy(officerNotices.id)
  ).map(({ userId, level }) => [userId, level])

describe('an urgent case that nobody has', () => {
  it('rings one after the other until a person takes it, and then no more', async () => {
    const caseId = await anUrgentCase()
    const set = await setRoster(t.ports, officer(1), { profile: 'dien-bien', userIds: [ID + 1, ID + 2] })
    expect(set).toBeUndefined()
    const ring = () =>
      act(t.ports, { actor: 'system' }, async (a) => {
        await a.tx.select().from(cases).where(eq(cases.id, caseId)).for('update')
        a.record({ of: 'case', id: caseId }, 'test.urgent')
        await startRing(a, { caseId, deadlineId: null })
      })
    await ring()
    await ring()
    await t.work()
    expect(await rungOf(caseId)).toEqual([[ID + 1, 1]])
    for (const _ of [2, 3]) {
      t.clock.move(5 * MINUTE)
      await t.work()
    }
    // After the last the first again.
    expect(await rungOf(caseId)).toEqual([
      [ID + 1, 1],
      [ID + 2, 2],
      [ID + 1, 3],
    ])
    const open = await openRings(t.ports)
    expect(open).toMatchObject([{ caseId, rung: 3, profile: 'dien-bien' }])

    const program: Officer = { ...officer(1), actor: 'staff:token' }
    expect(await takeRing(t.ports, program, open[0]!.id)).toEqual({ refused: 'forbidden' })
    const taken = await Promise.all([1, 2].map((n) => takeRing(t.ports, officer(n), open[0]!.id)))
    expect(taken.filter(isRefused)).toEqual([{ refused: 'not-now', status: 'taken' }])
    t.clock.move(30 * MINUTE)
    await t.work()
    expect(await rungOf(caseId)).toHaveLength(3)
    expect(await openRings(t.ports)).toEqual([])
    expect((await t.ports.db.select().from(rings)).map(({ rung }) => rung)).toEqual([3])
  })

  it('is told to everybody who could take it where nobody stands on the roster', async () => {
    const caseId = await anUrgentCase()
    await t.ports.db.delete(dutyRoster)
    await act(t.ports, { actor: 'system' }, async (a) => {
      await a.tx.select().from(cases).where(eq(cases.id, caseId)).for('update')
      await startRing(a, { caseId, deadlineId: null })
    })
    await t.work()
    const mine = async () => (await listOfficerNotices(t.ports, officer(3), { limit: 10, unread: true })).items
    expect(await mine()).toMatchObject([{ caseId, event: 'ring', userId: null }])
    expect(await readOfficerNotice(t.ports, officer(3), (await mine())[0]!.id)).toBeUndefined()
    expect(await mine()).toEqual([])
    const auditor: Officer = { ...officer(4), roles: ['auditor'] }
    expect((await listOfficerNotices(t.ports, auditor, { limit: 10 })).items).toEqual([])
  })
})
