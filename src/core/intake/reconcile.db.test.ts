import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { said } from '../../../test/support/bell.ts'
import { type BellSite, bellSite } from '../../../test/support/bell-site.ts'
import { act } from '../act.ts'
import { fault } from '../fault.ts'
import { COMMAND_LINE } from '../people/officer.ts'
import { notices, sources, submissions } from '../tables/index.ts'
import { failingSources, listSources } from './list-sources.ts'
import { reconcileLater } from './reconcile.ts'

let t: BellSite
beforeAll(async () => {
  t = await bellSite()
  await t.ports.db.update(sources).set({ state: 'off' }).where(eq(sources.id, 'bell-2'))
  await t.work()
})
afterAll(() => t.close())

const MINUTE = 60_000
const AT = new Date('2026-10-19T01:55:00Z')
const count = async () => (await t.ports.db.select({ id: submissions.id }).from(submissions)).length
const health = async (id = 'bell') => (await listSources(t.ports, COMMAND_LINE)).find((source) => source.id === id)!
const ask = async () => {
  await act(t.ports, { actor: 'system', unrecorded: true }, async (a) =>
    reconcileLater(a, { id: 'bell', kind: 'sms', state: 'on' }),
  )
  await t.work()
}

it('takes what the provider failed to bring, each once, and remembers how far it came', async () => {
  await t.ring(said('1', 'Đường lầy lội ở xã Na Sang'))
  t.bell.history.push({ items: [said('1', 'Đường lầy lội ở xã Na Sang')], receivedAt: AT })
  t.bell.history.push({
    items: [said('2', 'Cống nghẹt ở xã Na Sang', { sender: { provider: 'an' }, talk: 'an' })],
    receivedAt: AT,
  })
  await ask()
  expect(await count()).toBe(2)
  t.bell.history[0] = fault('ours', 'the first page is not asked for again')
  t.bell.history.push({
    items: [said('3', 'Mất điện ở xã Na Sang', { sender: { provider: 'ba' }, talk: 'ba' })],
    receivedAt: AT,
  })
  await ask()
  expect(await count()).toBe(3)
  expect(await health()).toMatchObject({ reconciledAt: t.clock.now(), lastFault: null, backlog: 0 })
})

it('asks daily', async () => {
  t.bell.history.push({
    items: [said('4', 'Rác ở xã Na Sang', { sender: { provider: 'ca' }, talk: 'ca' })],
    receivedAt: AT,
  })
  t.clock.move(24 * 60 * MINUTE)
  await t.work()
  expect(await count()).toBe(4)
})

it('tells nobody of what was sent more than a day before', async () => {
  const told = async () =>
    (await t.ports.db.select().from(notices)).filter(({ state }) => state === 'due' || state === 'sent').length
  const before = await told()
  t.bell.history.push({
    items: [said('5', 'Ngập ở xã Na Sang', { sender: { provider: 'de' }, talk: 'de' })],
    receivedAt: AT,
  })
  await ask()
  expect([await count(), await told()]).toEqual([5, before])
})

it('shows what the provider says is wrong, alerts once it has lasted, and forgets it when it is well again', async () => {
  t.bell.history.push(fault('config', 'sign in again'))
  await ask()
  expect(await health()).toMatchObject({ lastFault: 'config: sign in again', lastFaultAt: t.clock.now() })
  expect(await failingSources(t.ports)).toEqual([])
  t.clock.move(11 * MINUTE)
  await t.work()
  expect(await failingSources(t.ports)).toMatchObject([{ id: 'bell', fault: 'config: sign in again' }])
  t.bell.history.pop()
  t.clock.move(60 * MINUTE)
  await t.work()
  expect(await failingSources(t.ports)).toEqual([])
  expect((await health()).lastFault).toBeNull()
})
