import { randomBytes } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Kept } from '../../../test/support/app-server/app-server.ts'
import { WELL } from '../../../test/support/app-server/behaviour.ts'
import { type AppServer, startAppServer } from '../../../test/support/app-server/process.ts'
import { APP, applyApp, asApp, tokenOf } from '../../../test/support/apps.ts'
import { citizens } from '../../../test/support/citizens.ts'
import { type Desk, openDesk } from '../../../test/support/desk.ts'
import type { SignedInOfficer } from '../../../test/support/people.ts'
import { checkSource } from '../../core/intake/check-source.ts'
import { listSources } from '../../core/intake/list-sources.ts'
import { COMMAND_LINE } from '../../core/people/officer.ts'
import { eraseReporter } from '../../core/reading/erase.ts'
import { contactIndex, lanes, notices, reports, statusChanges } from '../../core/tables/index.ts'

const [SECRET, NEXT_SECRET] = [1, 2].map(() => `whsec_${randomBytes(32).toString('base64')}`) as [string, string]
const MINUTE = 60_000
const HOUR = 60 * MINUTE

let desk: Desk
let server: AppServer
let triage: SignedInOfficer
let agency: SignedInOfficer
let leader: SignedInOfficer
let first: string
beforeAll(async () => {
  server = await startAppServer({ secret: SECRET })
  // A leader approves here, and the intake looks at what is told: every status is passed through.
  desk = await openDesk({ profile: 'binh-dinh' })
  await hook({})
  first = desk.agencies[0]!
  triage = await desk.as('triage')
  agency = await desk.as('agency', first)
  leader = await desk.as('leader', first)
  await well()
})
afterAll(async () => {
  await desk.close()
  await server.kill()
})

const hook = (more: object) =>
  applyApp(desk, {
    ...{ ...APP, profile: 'binh-dinh', webhookUrl: server.url, webhookSecret: SECRET, allow: ['127.0.0.0/8'] },
    ...more,
  })
const well = () => server.control({ ...WELL, now: desk.clock.now().toISOString() })
const move = async (ms: number) => {
  desk.clock.move(ms)
  await server.control({ now: desk.clock.now().toISOString() })
}

const people = citizens(21)
interface Sent {
  readonly code: string
  readonly userId: string
  readonly caseId: string
}
async function send(userId: string, more: object = {}, untouched = false): Promise<Sent> {
  const { content, phone } = people.next().value
  const form = { name: 'Lò Văn Mẫu', phone, content, category: 'health', userId, ...more }
  const { status, body } = await asApp(desk, await tokenOf(desk, APP), '/reports', form)
  expect([status, body.errors]).toEqual([201, undefined])
  if (!untouched) await desk.work()
  const [report] = await desk.ports.db.select().from(reports).where(eq(reports.code, body.code))
  return { code: body.code, userId, caseId: report?.caseId ?? '' }
}
const view = async ({ code }: Sent) => (await asApp(desk, await tokenOf(desk, APP), `/reports/${code}`)).body
const toldOf = async ({ code }: Sent): Promise<Kept[]> =>
  (await server.kept()).filter(({ data }) => data['code'] === code)
const inShort = ({ type, data }: Kept) =>
  [type.replace('report.', ''), data['event'], data['status']].filter((word) => word !== undefined).join(' ')
const shareOf = async ({ caseId }: Sent) => (await desk.view(caseId)).assignments.at(-1)!.id

/** What the app was told last is what the view says, and each notice of the view was told once. */
async function knows(sent: Sent): Promise<void> {
  const told = await toldOf(sent)
  const seen = await view(sent)
  expect(told.at(-1)?.data).toMatchObject({ status: seen.status, statusText: seen.statusText, userId: sent.userId })
  const notes = told.filter(({ type }) => type === 'report.notice')
  expect(notes.map(({ data: { event, text } }) => ({ event, text }))).toEqual(
    seen.notices.map(({ event, text }: { event: string; text: string }) => ({ event, text })),
  )
  expect(told.filter(({ times }) => times !== 1)).toEqual([])
  expect(await server.refused()).toEqual([])
}

describe('an app’s server is told', () => {
  it('each change, in order, whether or not its user is told anything', async () => {
    const sent = await send('u-all')
    await knows(sent)
    const steps: readonly (() => Promise<void>)[] = [
      () => desk.do(triage, 'cases/ask', sent.caseId, { text: 'Ở số nhà nào?' }),
      async () => {
        const said = { content: 'Số 7' }
        expect((await asApp(desk, await tokenOf(desk, APP), `/reports/${sent.code}/additions`, said)).status).toBe(201)
        await desk.work()
      },
      () => desk.do(triage, 'cases/assign', sent.caseId, { agencyId: first }),
      async () => {
        const { deliveries } = await desk.view(sent.caseId)
        await desk.do(triage, 'deliveries/by-telephone', deliveries[0]!.id, { spokeTo: 'văn thư' })
      },
      async () => desk.do(agency, 'assignments/accept', await shareOf(sent)),
      async () => desk.do(agency, 'assignments/interim', await shareOf(sent), { text: 'Đang sửa', handled: false }),
      async () => desk.do(agency, 'assignments/result', await shareOf(sent), { text: 'Đã sửa' }),
      async () => desk.do(leader, 'assignments/approve', await shareOf(sent)),
      () => desk.do(triage, 'cases/reply', sent.caseId, { text: 'Đã sửa xong' }),
      async () => {
        const rating = { value: (await view(sent)).rating.scale[0].id }
        expect((await asApp(desk, await tokenOf(desk, APP), `/reports/${sent.code}/rating`, rating)).status).toBe(200)
        await desk.work()
      },
      () => desk.do(triage, 'cases/close', sent.caseId, { why: 'xong' }),
      () => desk.do(triage, 'cases/reopen', sent.caseId, { why: 'chưa xong', disputed: false }),
    ]
    for (const step of steps) {
      await move(MINUTE)
      await step()
      await knows(sent)
    }
    expect((await toldOf(sent)).map(inShort)).toEqual([
      'notice received received',
      // By the rules, for the place; then by an officer.
      'notice asked asked',
      'notice asked asked',
      'status received',
      'status waiting',
      'status dispatching',
      'notice forwarded dispatched',
      'status accepted',
      'notice interim in-progress',
      'status for-approval',
      'status result',
      'notice answer answered',
      'status rated',
      'status closed',
      'notice reopened waiting',
    ])
  })

  it('nothing that it may not know: its own report and what its user is told of that', async () => {
    const sent = await send('u-secret', { phone: '0912 000 001', content: 'Gọi Lò Văn Mẫu, số 0912 000 001' })
    const told = JSON.stringify(await toldOf(sent))
    expect(told).toContain('u-secret')
    for (const mark of ['Lò Văn Mẫu', '0912', '912 000', 'key=']) expect(told).not.toContain(mark)
  })

  it('of a report that is put into another, what becomes of that one', async () => {
    const same = { content: 'Cột điện trước cổng chợ bị gãy, dây rơi xuống đường', lat: 13.7765, lng: 109.2237 }
    const [older, newer] = [await send('u-older', same), await send('u-newer', same)]
    expect((await desk.view(newer.caseId)).status).toBe('joined')
    await knows(newer)
    await move(MINUTE)
    await desk.do(triage, 'cases/assign', older.caseId, { agencyId: first })
    await knows(newer)
    await knows(older)
  })

  it('not about the web form’s reports, whose reporters are told as ever', async () => {
    const before = (await server.kept()).length
    const filed = await desk.report({ category: 'health' })
    await desk.do(triage, 'cases/assign', filed.caseId, { agencyId: first })
    expect((await server.kept()).length).toBe(before)
    const [notice] = await desk.ports.db.select().from(notices).where(eq(notices.reportId, filed.reportId))
    expect(notice).toMatchObject({ channel: 'portal', sourceId: null, state: 'sent' })
    const changes = await desk.ports.db.select().from(statusChanges).where(eq(statusChanges.reportId, filed.reportId))
    expect(changes).toEqual([])
  })

  it('nothing of who was erased', async () => {
    await server.control({ down: 503 })
    const sent = await send('u-erased')
    await eraseReporter(desk.ports, 'system', { code: sent.code, why: 'asked' })
    await well()
    await move(HOUR)
    await desk.work()
    expect(await toldOf(sent)).toEqual([])
  })
})

describe('an app’s server that is away', () => {
  it.each<[string, object]>([
    ['for a day: connections are dropped', { down: 'closed' }],
    ['for a day: 503', { down: 503 }],
    ['for a day: an error of its own', { down: 422 }],
    ['for a day: a proxy that knows no such page', { down: 404 }],
  ])('loses nothing and hears it in order, %s', async (name, behaviour) => {
    await server.control(behaviour)
    const sent = await send(`u-${name}`)
    await move(MINUTE)
    await desk.do(triage, 'cases/assign', sent.caseId, { agencyId: first })
    await move(MINUTE)
    await desk.do(agency, 'assignments/accept', await shareOf(sent))
    for (let hour = 0; hour < 24; hour++) {
      await move(HOUR + MINUTE)
      await desk.work()
    }
    expect(await toldOf(sent)).toEqual([])
    const health = async () => (await listSources(desk.ports, COMMAND_LINE)).find(({ id }) => id === 'app')!
    // It shows, since it began.
    expect((await health()).lastFault).toMatch(/^(?:unreachable|config): /)
    expect(desk.clock.now().getTime() - (await health()).lastFaultAt!.getTime()).toBeGreaterThan(23 * HOUR)
    await well()
    for (let hour = 0; hour < 3; hour++) {
      await move(HOUR + MINUTE)
      await desk.work()
    }
    await knows(sent)
    expect((await health()).lastFault).toBeNull()
    const statuses = (await toldOf(sent)).map(({ data }) => data['status'])
    expect(statuses).toEqual(['received', 'asked', 'dispatching', 'accepted'])
  })

  it('hears again under the same id what its answer to was lost', async () => {
    await server.control({ loseReplies: 2 })
    const sent = await send('u-lost')
    await move(5 * MINUTE)
    await desk.work()
    await move(5 * MINUTE)
    await desk.work()
    const told = await toldOf(sent)
    expect(told.map(inShort)).toEqual(['notice received received', 'notice asked asked'])
    expect(told[0]!.times).toBe(3)
    expect(await server.refused()).toEqual([])
  })

  it('has four calls at a time and no more, so that a slow one slows nobody', async () => {
    const [lane] = await desk.ports.db.select().from(lanes).where(eq(lanes.name, 'source:app'))
    expect(lane?.concurrency).toBe(4)
  })
})

describe('an app’s user who has left it', () => {
  it('is told by whatever else they gave, and the app hears no more of them', async () => {
    await server.control({ gone: ['u-left'] })
    const sent = await send('u-left')
    const [contact] = await desk.ports.db
      .select()
      .from(contactIndex)
      .innerJoin(reports, eq(reports.reporterId, contactIndex.reporterId))
      .where(eq(reports.code, sent.code))
      .orderBy(contactIndex.kind)
      .limit(2)
      .then((rows) => rows.filter((row) => row.contact_index.kind === 'provider'))
    expect(contact?.contact_index.closedAt).not.toBeNull()
    await well()
    await desk.do(triage, 'cases/assign', sent.caseId, { agencyId: first })
    await move(HOUR)
    await desk.work()
    expect(await toldOf(sent)).toEqual([])
    // It all stands in their view.
    expect((await view(sent)).status).toBe('dispatching')
  })
})

describe('its secret', () => {
  it('changes while both sign; afterwards the old one is worth nothing', async () => {
    await hook({ webhookSecret: NEXT_SECRET, webhookSecretBefore: SECRET })
    await knows(await send('u-old-secret'))
    await server.changeSecret(NEXT_SECRET)
    await knows(await send('u-new-secret'))
    await hook({ webhookSecret: NEXT_SECRET })
    await knows(await send('u-only-new'))
    await server.changeSecret(SECRET)
    const before = (await server.refused()).length
    await send('u-wrong-secret')
    expect((await server.refused()).slice(before)).toContain('the signature does not hold')
    await server.changeSecret(NEXT_SECRET)
  })

  it('is tried by `paht sources check`, which sends a message about nothing', async () => {
    expect(await checkSource(desk.ports, COMMAND_LINE, 'app')).toMatchObject({ ok: true })
    expect((await server.kept()).at(-1)).toMatchObject({ type: 'source.test', data: {} })
    await server.changeSecret(SECRET)
    expect(await checkSource(desk.ports, COMMAND_LINE, 'app')).toMatchObject({ fault: 'config' })
    expect(await checkSource(desk.ports, COMMAND_LINE, 'nobody')).toBe('missing')
    expect(await checkSource(desk.ports, COMMAND_LINE, 'portal')).toMatchObject({ ok: true })
  })
})
