import { Readable } from 'node:stream'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestPorts, testPorts } from '../../../test/support/ports.ts'
import type { Submitted } from '../../channels/channel.ts'
import { type Claimed, claim } from '../../platform/tasks/claim.ts'
import type { Ports } from '../act.ts'
import { verifyHistory } from '../history/verify.ts'
import { makeAccept } from '../intake/accept.ts'
import { contactIndex, history, reporters, reports, submissions } from '../tables/index.ts'
import { eraseReporter } from './erase.ts'
import { read } from './read.ts'

const SENDER = { name: 'Lò Thị Hoài Thương', phone: '0912345678', email: 'hoaithuong.lo@example.vn' }
const WHY = 'theo yêu cầu'

let t: TestPorts
beforeAll(async () => {
  t = await testPorts()
})
afterAll(() => t.close())

/** Stored, and its task to read it taken. */
async function arrived(files = 0): Promise<{ code: string; submissionId: string; task: Claimed }> {
  const { ports } = t
  await ports.db.execute(sql`delete from task`)
  const key = ports.secrets.newDataKey()
  const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16])
  const stored = []
  for (let i = 0; i < files; i++) {
    const written = await ports.files.write(Readable.from([jpeg]), key.dataKey, { maxBytes: 100 })
    if (!('tooLarge' in written)) stored.push({ ...written, name: 'a.jpg' })
  }
  const event = key.dataKey.id
  const envelope = { event, contentType: 'application/json', body: Buffer.from('{}'), files: stored }
  const item: Submitted = {
    item: 'submitted',
    event,
    keys: [event],
    sender: SENDER,
    content: 'Hố ga mất nắp',
    identitySecret: true,
    contentSecret: false,
    files: stored,
  }
  const source = { id: 'portal', channel: 'portal', codePrefix: 'DB' }
  const taken = await makeAccept(ports)({ source, envelope, item, key, receivedAt: ports.clock.now() })
  if (taken.accepted !== 'fresh') throw new Error(taken.accepted)
  await ports.db.execute(sql`insert into lane (name) values ('read') on conflict do nothing`)
  const [task] = await claim(ports.db.$client, ports.clock.now(), 1, event)
  return { code: taken.code, submissionId: taken.submissionId, task: task! }
}

const erase = (code: string, why = WHY) => eraseReporter(t.ports, 'command-line', { code, why })

async function leftOf(submissionId: string) {
  const { db } = t.ports
  const [submission] = await db.select().from(submissions).where(eq(submissions.id, submissionId))
  const { rows } = await db.execute<{ keys: number; files: number; body: number }>(sql`
    select (select count(*)::int from data_key where id = ${submission!.keyId}) as keys,
      (select count(*)::int from file where submission_id = ${submissionId}) as files,
      (select length(body) + length(head) from envelope where key_id = ${submission!.keyId}) as body`)
  const found = await db.select().from(reporters).where(eq(reporters.submissionId, submissionId))
  return {
    ...rows[0]!,
    item: submission!.item.length,
    contacts: found.map(({ contact }) => contact.length),
    index: await db.$count(contactIndex, eq(contactIndex.reporterId, found[0]?.id ?? submission!.keyId)),
    erased: submission!.erasedAt !== null,
  }
}
const NOTHING = { keys: 0, files: 0, body: 0, item: 0, index: 0, erased: true }

async function whysOf(submissionId: string): Promise<string[]> {
  const [report] = await t.ports.db.select().from(reports).where(eq(reports.submissionId, submissionId))
  const rows = await t.ports.db
    .select()
    .from(history)
    .where(eq(history.chain, `case:${report!.caseId}`))
  return rows
    .filter(({ kind }) => kind === 'reporter.erased')
    .map(({ body }) => (JSON.parse(body) as { body: { why: string } }).body.why)
}

describe('erasing who sent a report', () => {
  it('leaves no key, no raw copy and no way to look them up, and says so in the history', async () => {
    const { code, submissionId, task } = await arrived(2)
    await read(t.ports, task)
    expect(await leftOf(submissionId)).toMatchObject({ keys: 1, files: 2, index: 2, erased: false })
    expect(await erase(code)).toBeUndefined()
    expect(await leftOf(submissionId)).toEqual({ ...NOTHING, contacts: [0] })
    expect(await whysOf(submissionId)).toEqual([WHY])
    expect(await verifyHistory(t.ports.db, t.ports.secrets)).toEqual([])
  })

  it('says why without saying who, whoever wrote it down', async () => {
    const { code, submissionId, task } = await arrived()
    await read(t.ports, task)
    await erase(code, `Đơn của bà LÒ THỊ HOÀI THƯƠNG, 0912.345.678,\u0000 CCCD 011190001234`)
    expect(await whysOf(submissionId)).toEqual(['Đơn của bà ●●●, ●●●, CCCD ●●●'])
  })

  it('twice is once', async () => {
    const { code, submissionId, task } = await arrived()
    await read(t.ports, task)
    await erase(code)
    t.clock.move(1000)
    expect(await erase(code, 'again')).toBeUndefined()
    expect(await whysOf(submissionId)).toEqual([WHY])
  })

  it('knows what is not there', async () => {
    expect(await erase('DB-26-2222-2222')).toBe('missing')
  })
})

describe('erasing before the report is read', () => {
  it('leaves nothing to read', async () => {
    const { code, submissionId, task } = await arrived(1)
    expect(await erase(code)).toBeUndefined()
    await read(t.ports, task)
    expect(await leftOf(submissionId)).toEqual({ ...NOTHING, contacts: [] })
    expect(await t.ports.db.$count(reports, eq(reports.submissionId, submissionId))).toBe(0)
    expect(await t.ports.db.execute(sql`select 1 from task where ref = ${submissionId}`)).toMatchObject({ rowCount: 0 })
  })

  it('while it is being read leaves nothing that the reading would write', async () => {
    const { code, submissionId, task } = await arrived(1)
    const ports: Ports = {
      ...t.ports,
      files: {
        ...t.ports.files,
        readAll: async (...of) => {
          const bytes = await t.ports.files.readAll(...of)
          await erase(code)
          return bytes
        },
      },
    }
    await read(ports, task)
    expect(await leftOf(submissionId)).toEqual({ ...NOTHING, contacts: [] })
    expect(await t.ports.db.$count(reports, eq(reports.submissionId, submissionId))).toBe(0)
  })

  it('while what was read is being written waits for it, and then leaves none of it', async () => {
    const { code, submissionId, task } = await arrived(1)
    const reading = await t.ports.db.$client.connect()
    await reading.query('begin')
    await reading.query(
      'select 1 from data_key where id = (select key_id from submission where id = $1) for key share',
      [submissionId],
    )
    let erased = false
    const erasing = erase(code).then(() => {
      erased = true
    })
    // By the time another statement of the same length is answered, an erasure that did not wait would be over.
    for (let i = 0; i < 20; i++) await t.ports.db.execute(sql`select 1`)
    expect(erased).toBe(false)
    await read(t.ports, task)
    await reading.query('commit')
    reading.release()
    await erasing
    expect(await leftOf(submissionId)).toEqual({ ...NOTHING, contacts: [0] })
    expect(await whysOf(submissionId)).toEqual([WHY])
  })
})
