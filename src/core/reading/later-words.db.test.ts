import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { edited, said } from '../../../test/support/bell.ts'
import { type BellSite, bellSite } from '../../../test/support/bell-site.ts'
import { POINT } from '../../../test/support/point.ts'
import { fault } from '../fault.ts'
import { assignments, cases, deliveries, files, items, officerNotices, reports, submissions } from '../tables/index.ts'

let t: BellSite
/** Of a message and its talk, another in each test. */
let n = 0
let id: string
beforeAll(async () => {
  t = await bellSite()
})
afterAll(() => t.close())
beforeEach(() => {
  id = String(++n)
})

const SECOND = 1000
const MINUTE = 60 * SECOND
const PLACE = 'bản Hồ xã Na Sang'

/** By somebody else in each test. */
const says = (what: string, content: string, more = {}) =>
  said(`${id}${what}`, content, { talk: id, sender: { provider: id }, ...more })
const edits = (what: string, content: string, at: string) => {
  const word = edited(`${id}${what}`, content, at)
  return { ...word, now: { ...word.now, talk: id, sender: { provider: id } } }
}
const reportOf = async (what = '') => {
  const rows = await t.ports.db
    .select({ report: reports, submission: submissions })
    .from(reports)
    .innerJoin(submissions, eq(submissions.id, reports.submissionId))
  const key = t.ports.secrets.index('submission', `m:${id}${what}`)
  const { rows: known } = await t.ports.db.$client.query(
    'select submission_id from submission_key where key_hash = $1',
    [key],
  )
  return rows.find(({ submission }) => submission.id === known[0]?.submission_id)?.report
}
const wordsOf = (state: 'waiting' | 'done' | 'set-aside') =>
  t.ports.db.select().from(items).where(eq(items.state, state))
const additionsOf = async (caseId: string) =>
  (
    await t.ports.db
      .select({ delivery: deliveries })
      .from(deliveries)
      .innerJoin(assignments, eq(assignments.id, deliveries.assignmentId))
      .where(eq(assignments.caseId, caseId))
  ).filter(({ delivery }) => delivery.kind === 'addition')

describe('an edit', () => {
  it('changes the report; the same edit twice changes it once, and an older one that comes later does not', async () => {
    await t.ring(says('', `Cây đổ ở ${PLACE}`))
    await t.work()
    await t.ring(edits('', `Cây to đổ ở ${PLACE}`, '2026-10-19T02:05:00Z'))
    await t.ring(edits('', `Cây to đổ ở ${PLACE}`, '2026-10-19T02:05:00Z'))
    await t.ring(edits('', `Cây nhỏ đổ ở ${PLACE}`, '2026-10-19T02:04:00Z'))
    await t.work()
    expect((await reportOf())!.text).toBe(`Cây to đổ ở ${PLACE}`)
    expect((await wordsOf('done')).length).toBe(2)
  })

  it('before its message waits for it', async () => {
    await t.ring(edits('', `Cống vỡ ở ${PLACE}`, '2026-10-19T02:05:00Z'))
    await t.work()
    expect(await reportOf()).toBeUndefined()
    expect(await wordsOf('waiting')).toHaveLength(1)
    await t.ring(says('', `Cống ở ${PLACE}`))
    await t.work()
    expect((await reportOf())!.text).toBe(`Cống vỡ ở ${PLACE}`)
    expect(await wordsOf('waiting')).toHaveLength(0)
  })

  it('whose message never comes stands alone after an hour, and says so; the message is then known', async () => {
    await t.ring(edits('', `Mất điện ở ${PLACE}`, '2026-10-19T02:05:00Z'))
    await t.work()
    t.clock.move(60 * MINUTE + SECOND)
    await t.work()
    const report = (await reportOf())!
    expect([report.text, report.readings['original-missing']?.value]).toEqual([`Mất điện ở ${PLACE}`, true])
    await t.ring(says('', `Mất điên ở ${PLACE}`))
    await t.work()
    expect((await reportOf())!.id).toBe(report.id)
  })

  it('after the office has the case goes out as an addition, each one', async () => {
    await t.ring(says('', `Lan can gãy ở ${PLACE}`))
    await t.work()
    t.clock.move(MINUTE)
    await t.work()
    const report = (await reportOf())!
    expect(await additionsOf(report.caseId)).toHaveLength(0)
    for (const minute of ['06', '07'])
      await t.ring(edits('', `Lan can cầu gãy ở ${PLACE}, ${minute}`, `2026-10-19T02:${minute}:00Z`))
    await t.work()
    expect((await additionsOf(report.caseId)).map(({ delivery }) => delivery.reportId)).toEqual([report.id, report.id])
  })

  it('after the answer changes what the report says, and triage hears of it', async () => {
    await t.ring(says('', `Rác ở ${PLACE}`))
    await t.work()
    const report = (await reportOf())!
    await t.ports.db.update(cases).set({ status: 'closed', closedAt: t.clock.now() }).where(eq(cases.id, report.caseId))
    await t.ring(edits('', `Rác nhiều ở ${PLACE}`, '2026-10-19T03:00:00Z'))
    await t.work()
    const told = await t.ports.db.select().from(officerNotices).where(eq(officerNotices.caseId, report.caseId))
    expect(told.filter(({ event }) => event === 'revised')).toMatchObject([
      { toRole: 'triage', values: { code: report.code } },
    ])
  })
})

describe('a deletion', () => {
  const deletes = () => ({
    item: 'deleted' as const,
    event: `${id} gone`,
    keys: [`m:${id}`],
    at: '2026-10-19T02:10:00Z',
  })

  it('takes the report out of public view, tells triage, and erases nothing; an edit after it is kept', async () => {
    await t.ring(says('', `Ổ gà ở ${PLACE}`))
    await t.work()
    await t.ring(deletes())
    await t.ring(deletes())
    await t.ring(edits('', `Ổ gà to ở ${PLACE}`, '2026-10-19T02:11:00Z'))
    await t.work()
    const report = (await reportOf())!
    expect([report.takenBackAt === null, report.text]).toEqual([false, `Ổ gà to ở ${PLACE}`])
    const told = await t.ports.db.select().from(officerNotices).where(eq(officerNotices.caseId, report.caseId))
    expect(told.map(({ event }) => event)).toEqual(['taken-back'])
  })

  it('of what never came is set aside after an hour', async () => {
    await t.ring(deletes())
    await t.work()
    t.clock.move(60 * MINUTE + SECOND)
    await t.work()
    expect((await wordsOf('set-aside')).map(({ reason }) => reason)).toContain('about-nothing')
  })
})

describe('what is said in one breath', () => {
  it('is one report, which waits until its sender has fallen silent', async () => {
    await t.ring(says('a', 'alo cho em hỏi'))
    await t.ring(says('b', `nước tràn ra đường ở ${PLACE}`))
    await t.work()
    t.clock.move(20 * SECOND)
    await t.ring(says('c', 'từ sáng đến giờ'))
    await t.work()
    const report = (await reportOf('a'))!
    expect(report.text).toBe(`alo cho em hỏi\nnước tràn ra đường ở ${PLACE}\ntừ sáng đến giờ`)
    expect(await reportOf('b')).toBeUndefined()
    const share = () => t.ports.db.select().from(assignments).where(eq(assignments.caseId, report.caseId))
    t.clock.move(30 * SECOND)
    await t.work()
    expect(await share()).toHaveLength(0)
    t.clock.move(16 * SECOND)
    await t.work()
    expect(await share()).toHaveLength(1)
  })

  it('goes on where a sentence was cut, and goes out as an addition where the office has the first part', async () => {
    await t.ring(says('a', `Sạt lở ở ${PLACE}, đất đá lấp`))
    await t.ring(says('b', 'mất nửa đường và'))
    await t.work()
    t.clock.move(2 * MINUTE)
    await t.work()
    await t.ring(says('c', 'một nhà dân'))
    await t.work()
    const report = (await reportOf('a'))!
    expect(report.text).toContain('đường và\nmột nhà dân')
    expect(await additionsOf(report.caseId)).toHaveLength(1)
    // A whole sentence, later: another matter.
    t.clock.move(4 * MINUTE)
    await t.ring(says('d', `Chó dại ở ${PLACE}.`))
    await t.work()
    expect((await reportOf('d'))!.text).toBe(`Chó dại ở ${PLACE}.`)
  })

  it('an edit of a part changes that part', async () => {
    await t.ring(says('a', `Kẹt xe ở ${PLACE}`))
    await t.ring(says('b', 'từ sáng'))
    await t.work()
    await t.ring(edits('b', 'từ trưa', '2026-10-19T02:30:00Z'))
    await t.work()
    expect((await reportOf('a'))!.text).toBe(`Kẹt xe ở ${PLACE}\ntừ trưa`)
  })
})

describe('what the provider keeps', () => {
  const filesOf = async () => {
    const report = (await reportOf())!
    return t.ports.db.select().from(files).where(eq(files.submissionId, report.submissionId))
  }

  it('is fetched before the message is read; what is not to be had comes later', async () => {
    t.bell.remote.set(`${id}-1`, { bytes: POINT, type: 'image/png' })
    t.bell.remote.set(`${id}-2`, fault('rejected', 'gone'))
    const remote = [1, 2, 3].map((i) => ({ ref: `${id}-${i}`, name: `${i}.png` }))
    await t.ring(says('', `Hố ga hở ở ${PLACE}`, { remote }))
    await t.work()
    expect((await filesOf()).map(({ variant }) => variant).sort()).toEqual(['clean', 'original'])
    expect((await reportOf())!.readings['files-left-out']?.value).toBe(1)
    t.bell.remote.set(`${id}-3`, { bytes: Buffer.concat([POINT, Buffer.from([0])]), type: 'image/png' })
    t.clock.move(31 * SECOND)
    await t.work()
    expect(await filesOf()).toHaveLength(4)
  })

  it('takes its time, and an edit meanwhile is not lost', async () => {
    t.bell.remote.set(`${id}-1`, async () => {
      await t.ring(edits('', `Đèn đổ ở ${PLACE}`, '2026-10-19T02:20:00Z'))
      await t.work()
      return { bytes: POINT, type: 'image/png' }
    })
    await t.ring(says('', `Đèn hỏng ở ${PLACE}`, { remote: [{ ref: `${id}-1`, name: '1.png' }] }))
    await t.work()
    t.clock.move(6 * SECOND)
    await t.work()
    expect([(await reportOf())!.text, (await filesOf()).length]).toEqual([`Đèn đổ ở ${PLACE}`, 2])
    expect(await wordsOf('waiting')).toHaveLength(0)
  })

  it('beside a later word is fetched for it, each file once', async () => {
    t.bell.remote.set(`${id}-1`, { bytes: POINT, type: 'image/png' })
    const remote = [{ ref: `${id}-1`, name: '1.png' }]
    await t.ring(says('', `Cống hở ở ${PLACE}`, { remote }))
    await t.work()
    const more = (what: string, of: readonly { readonly ref: string; readonly name: string }[]) => ({
      ...{ item: 'revised' as const, event: `${id} ${what}`, keys: [`m:${id}`], how: 'more' as const },
      ...{ at: '2026-10-19T02:20:00Z', now: { ...says('', what), remote: of } },
    })
    await t.ring(more('xem ảnh', [...remote, { ref: `${id}-2`, name: '2.png' }]))
    await t.work()
    // The provider is away for the second one: the word waits for it.
    expect([(await reportOf())!.text, (await filesOf()).length]).toEqual([`Cống hở ở ${PLACE}`, 2])
    t.bell.remote.set(`${id}-2`, { bytes: Buffer.concat([POINT, Buffer.from([0])]), type: 'image/png' })
    t.clock.move(61 * SECOND)
    await t.work()
    expect([(await reportOf())!.text, (await filesOf()).length]).toEqual([`Cống hở ở ${PLACE}\nxem ảnh`, 4])
  })
})
