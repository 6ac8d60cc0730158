import { eq } from 'drizzle-orm'
import { v4 as uuid } from 'uuid'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { handed } from '../../../test/support/box.ts'
import { type BoxSite, boxSite, takeIn } from '../../../test/support/box-site.ts'
import { COMMAND_LINE } from '../people/officer.ts'
import { cursors, envelopes, files, listeners, submissionKeys, submissions } from '../tables/index.ts'
import { claimLease, LeaseLost, releaseLease, renewLease } from './lease.ts'
import { listNotTaken, takeInAgain } from './quarantine.ts'

let t: BoxSite
beforeAll(async () => {
  t = await boxSite()
})
afterAll(() => t.close())

const count = async () => ({
  submissions: await t.ports.db.$count(submissions),
  envelopes: await t.ports.db.$count(envelopes),
})
const notTaken = async () => (await listNotTaken(t.ports, COMMAND_LINE, { limit: 200 })).items
let uids = 0
const next = () => ++uids

describe('what is handed over', () => {
  it('is stored with its cursor, its files and the task to read it', async () => {
    const attachments = [{ name: 'anh.txt', text: 'x' }]
    const uid = next()
    await t.take(handed(uid, { text: 'Đèn đường hỏng ở bản Mẫu', attachments }))
    const [submission] = await t.ports.db.select().from(submissions).orderBy(submissions.id)
    const stored = await t.ports.db.select().from(files).where(eq(files.submissionId, submission!.id))
    expect(stored).toMatchObject([{ variant: 'original', size: 1 }])
    expect(await t.ports.db.select().from(cursors)).toEqual([{ sourceId: 'box', place: 'INBOX', cursor: { uid } }])
    await t.work()
    const seen = await (await fetch(`${t.url}/api/v1/submissions`, { headers: t.staff })).json()
    expect(seen).toMatchObject({ items: [{ sourceId: 'box', caseId: expect.any(String) }] })
  })

  it('is one submission, however often it comes, alone or in one batch', async () => {
    const before = await count()
    const one = handed(next(), { text: 'Cống tắc', keys: ['uid:a', 'mid:a'] })
    await t.take(one, one)
    await t.take(one)
    await Promise.all(Array.from({ length: 20 }, () => t.take(one)))
    expect(await count()).toEqual({ submissions: before.submissions + 1, envelopes: before.envelopes + 1 })
  })

  it('is known by its content where the mailbox counts anew, and by its new number from then on', async () => {
    await t.take(handed(next(), { text: 'Cầu gãy', keys: ['uid:1:7', 'mid:b'] }))
    const before = await count()
    await t.take(handed(next(), { text: 'Cầu gãy', keys: ['uid:2:1', 'mid:b'] }))
    await t.take(handed(next(), { text: 'Cầu gãy', keys: ['uid:2:1', 'mid:of another reading'] }))
    expect(await count()).toEqual(before)
    const keys = await t.ports.db
      .select({ id: submissionKeys.submissionId })
      .from(submissionKeys)
      .where(eq(submissionKeys.keyHash, t.ports.secrets.index('submission', 'uid:2:1')))
    const known = await t.ports.db
      .select({ id: submissionKeys.submissionId })
      .from(submissionKeys)
      .where(eq(submissionKeys.keyHash, t.ports.secrets.index('submission', 'uid:1:7')))
    expect(keys).toEqual(known)
  })

  it('is set aside where it is no report, with the reason; an officer may take it in, once', async () => {
    const uid = next()
    await t.take(handed(uid, { text: 'Tôi đi vắng', ignored: 'auto-reply' }))
    const [aside] = await notTaken()
    expect(aside).toMatchObject({ state: 'set-aside', reason: 'auto-reply', sourceId: 'box' })
    const before = await count()
    const tries = await Promise.all([1, 2, 3].map(() => takeInAgain(t.ports, COMMAND_LINE, aside!.id)))
    expect(tries.filter((refused) => refused === undefined)).toHaveLength(1)
    // The same message again is the same.
    await t.take(handed(uid, { text: 'Tôi đi vắng', ignored: 'auto-reply' }))
    expect(await count()).toEqual({ ...before, submissions: before.submissions + 1 })
    expect((await notTaken()).map(({ id }) => id)).not.toContain(aside!.id)
  })

  it('is quarantined where it cannot be read, and the next one flows', async () => {
    const before = await count()
    await t.take(
      handed(next(), { unreadable: 'nested 100 deep' }),
      handed(next(), { text: 'Hố ga mất nắp' }),
      handed(next(), {}, { unreadable: 'larger than 36 MB' }),
    )
    expect((await count()).submissions).toBe(before.submissions + 1)
    expect((await notTaken()).slice(0, 2).map(({ state, reason }) => [state, reason])).toEqual([
      ['quarantined', 'larger than 36 MB'],
      ['quarantined', 'nested 100 deep'],
    ])
  })

  it('is quarantined once, also where the mailbox counts anew; and known by what it says once it was taken in', async () => {
    await t.take(handed('1:50', { unreadable: 'nested 100 deep', text: 'Sạt lở' }))
    const before = await count()
    await t.take(handed('2:1', { unreadable: 'nested 100 deep', text: 'Sạt lở' }))
    expect(await count()).toEqual(before)
    await t.take(handed('1:51', { ignored: 'list', text: 'Lũ quét', keys: ['uid:1:51', 'mid:lq'] }))
    expect(await takeInAgain(t.ports, COMMAND_LINE, (await notTaken())[0]!.id)).toBeUndefined()
    const then = await count()
    await t.take(handed('2:2', { text: 'Lũ quét', keys: ['uid:2:2', 'mid:lq'] }))
    expect(await count()).toEqual(then)
  })

  it('is quarantined where the database does not take it, and costs nobody else anything', async () => {
    const before = await count()
    const wrong = handed(next(), { text: 'x' }, { receivedAt: new Date(Date.UTC(200_000, 0)) })
    const uid = next()
    await t.take(handed(next(), { text: 'Đúng' }), wrong, handed(uid, { text: 'Cũng đúng' }))
    expect((await count()).submissions).toBe(before.submissions + 2)
    expect((await notTaken())[0]).toMatchObject({ state: 'quarantined', reason: 'could not be stored as it was read' })
    expect(await t.ports.db.select().from(cursors)).toMatchObject([{ cursor: { uid } }])
  })

  it('rests in the file store where it is large, and is read again from there', async () => {
    await t.take(handed(next(), { unreadable: 'not yet', text: 'a'.repeat(20_000) }))
    const [row] = await notTaken()
    const [envelope] = await t.ports.db.select().from(envelopes).where(eq(envelopes.id, row!.id))
    expect(envelope!.body).toHaveLength(0)
    expect(await t.ports.db.select().from(files).where(eq(files.submissionId, row!.id))).toMatchObject([
      { variant: 'envelope' },
    ])
    expect(await takeInAgain(t.ports, COMMAND_LINE, row!.id)).toMatchObject({ fault: 'rejected' })
    expect(await takeInAgain(t.ports, COMMAND_LINE, uuid())).toBe('missing')
  })
})

describe('the lease', () => {
  it('is one process’s at a time; who lost it writes nothing', async () => {
    const other = { sourceId: 'box', token: uuid() }
    expect(await claimLease(t.ports.db, other)).toBe(false)
    await t.ports.db.update(listeners).set({ leaseUntil: new Date(0) })
    expect(await claimLease(t.ports.db, other)).toBe(true)
    expect(await renewLease(t.ports.db, t.lease)).toBe(false)
    const before = await count()
    await expect(t.take(handed(next(), { text: 'Muộn' }))).rejects.toBeInstanceOf(LeaseLost)
    expect(await count()).toEqual(before)
    await takeIn(t.ports, other)(handed(next(), { text: 'Kịp' }))
    expect((await count()).submissions).toBe(before.submissions + 1)
    await releaseLease(t.ports.db, other)
    expect(await claimLease(t.ports.db, t.lease)).toBe(true)
  })
})
