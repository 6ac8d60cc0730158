import { desc, eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { handed } from '../../../test/support/box.ts'
import { applyBox, type BoxSite, boxSite } from '../../../test/support/box-site.ts'
import { act } from '../act.ts'
import type { Report } from '../cases/hold.ts'
import { isFault } from '../fault.ts'
import { applyConfig } from '../settings/apply.ts'
import { ConfigFile } from '../settings/config-file.ts'
import { contactIndex, notices, reports, sources } from '../tables/index.ts'
import { tellBy } from './tell.ts'
import { type Way, waysNamed } from './ways.ts'

let t: BoxSite
/** By the box, with an address that works. */
let report: Report
beforeAll(async () => {
  t = await boxSite()
  await t.take(handed(1, { text: 'Ở xã Mường Nhé đèn đường hỏng' }))
  await t.work()
  const [only] = await t.ports.db.select().from(reports).orderBy(desc(reports.id)).limit(1)
  report = only!
})
afterAll(() => t.close())

const named = (of: Report, kinds: readonly string[]): Promise<readonly Way[]> =>
  act(t.ports, { actor: 'system', unrecorded: true }, (a) => waysNamed(a, of, kinds))

const VIEW: Way = { channel: 'portal', sourceId: null }
const BOX: Way = { channel: 'box', sourceId: 'box' }
const WAITS: Way = { channel: 'pigeon', sourceId: null, waits: true }

it.each<[name: string, kinds: readonly string[], ways: readonly Way[]]>([
  ['nothing named, nothing beside', [], []],
  ['a channel that sends, by the source that they wrote to', ['box'], [BOX]],
  ['one that only shows: the view', ['portal'], [VIEW]],
  ['one that is not there: it waits, whatever they left', ['pigeon'], [WAITS]],
  ['one without a source, to an address that they left: it waits', ['email'], [{ ...WAITS, channel: 'email' }]],
  ['one without a source, to a number that they did not leave: not by that', ['sms'], []],
  ['several, in the order of the decision', ['pigeon', 'box', 'sms', 'portal'], [WAITS, BOX, VIEW]],
])('%s', async (_, kinds, ways) => {
  expect(await named(report, kinds)).toEqual(ways)
})

it('of two sources the one that they wrote to, and of none that they wrote to the first', async () => {
  const config = ConfigFile.parse({ sources: [{ id: 'a-box', kind: 'box', profile: 'dien-bien', name: 'Hộp khác' }] })
  await applyConfig(t.ports, 'system', { config })
  expect(await named(report, ['box'])).toEqual([BOX])
  expect(await named({ ...report, sourceId: 'portal' }, ['box'])).toEqual([{ ...BOX, sourceId: 'a-box' }])
})

it('not by a source that is off', async () => {
  await t.ports.db.update(sources).set({ state: 'off' }).where(eq(sources.kind, 'box'))
  expect(await named(report, ['box', 'portal'])).toEqual([{ ...WAITS, channel: 'box' }, VIEW])
  await applyBox(t.ports)
  expect(await named(report, ['box'])).toEqual([BOX])
})

it('not to an address that is dead; what waits for its channel waits on', async () => {
  await t.ports.db
    .update(contactIndex)
    .set({ closedAt: t.clock.now() })
    .where(eq(contactIndex.reporterId, report.reporterId))
  expect(await named(report, ['box', 'pigeon'])).toEqual([WAITS])
})

describe('once a source of the channel is switched on', () => {
  const LETTER = {
    event: 'interim',
    about: 'waits',
    values: {},
    ways: [{ ...WAITS, channel: 'sms' }],
    quiet: false,
  } as const
  const told = async () => {
    const [notice] = await t.ports.db.select().from(notices).where(eq(notices.about, LETTER.about))
    return notice!
  }
  const switchOn = async (settings: object) => {
    const config = ConfigFile.parse({
      sources: [{ id: 'sms', kind: 'sms', profile: 'dien-bien', name: 'SMS', settings }],
    })
    expect(isFault(await applyConfig(t.ports, 'system', { config }))).toBe(false)
  }
  const SMS = {
    provider: 'twilio',
    accountSid: `AC${'0'.repeat(32)}`,
    authToken: 'x'.repeat(32),
    number: '+84900000000',
  }

  it('what waited goes out by it; what has waited for more than a day does not', async () => {
    await act(t.ports, { actor: 'system', unrecorded: true }, (a) => tellBy(a, report, LETTER))
    expect(await told()).toMatchObject({ state: 'waiting', sourceId: null })
    await switchOn(SMS)
    expect(await told()).toMatchObject({ state: 'due', sourceId: 'sms' })
    await t.ports.db.update(notices).set({ state: 'waiting', sourceId: null }).where(eq(notices.about, LETTER.about))
    t.clock.move(25 * 3600_000)
    await switchOn({ ...SMS, number: '+84900000001' })
    expect(await told()).toMatchObject({ state: 'skipped' })
  })
})

describe('somebody who wants no messages', () => {
  it('gets none, until they want them again; the later wish counts', async () => {
    await t.ports.db.update(contactIndex).set({ closedAt: null }).where(eq(contactIndex.reporterId, report.reporterId))
    const at = (minute: number) => ({ receivedAt: new Date(Date.UTC(2026, 9, 20, 3, minute)) })
    const wish = async (uid: string, minute: number, messages: 'none' | 'again') => {
      await t.take(handed(uid, { ignored: 'opt-out', wish: messages }, at(minute)))
      await t.work()
    }
    await wish('w1', 1, 'none')
    expect(await named(report, ['box'])).toEqual([])
    await wish('w3', 3, 'again')
    await wish('w2', 2, 'none')
    expect(await named(report, ['box'])).toEqual([BOX])
    await wish('w5', 5, 'none')
    expect(await named(report, ['box'])).toEqual([])
  })
})
