import { rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { type SQL, sql } from 'drizzle-orm'
import { v7 as uuid } from 'uuid'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestPorts, testPorts } from '../../../test/support/ports.ts'
import { movedClock, systemClock } from '../../platform/clock/clock.ts'
import { type Db, openDatabase } from '../../platform/database/database.ts'
import { makeSecrets } from '../../platform/secrets/secrets.ts'
import { act } from '../act.ts'
import { writeAnchor } from '../history/anchor.ts'
import { cases, deliveries, files, links, tasks } from '../tables/index.ts'
import type { DeliveryState } from '../words.ts'
import { examine } from './examine.ts'
import { spaceLeft } from './files.ts'
import type { Finding, Patient } from './finding.ts'

const HOUR = 3600_000
const DAY = 24 * HOUR
let t: TestPorts
let patient: Patient
let caseId: string
let fileId: string

beforeAll(async () => {
  t = await testPorts()
  patient = {
    ports: t.ports,
    dataDir: t.dataDir,
    migrations: join(import.meta.dirname, '../../../drizzle'),
    allFiles: true,
  }
  caseId = uuid()
  await act(t.ports, { actor: 'system' }, async (a) => {
    const row = { profile: 'dien-bien', profileFrom: '2025-07-01', status: 'received', openedAt: a.at } as const
    await a.tx.insert(cases).values({ id: caseId, ...row })
    a.record({ of: 'case', id: caseId }, 'case.opened')
    a.record({ of: 'case', id: caseId }, 'case.noted')
  })
  fileId = await addFile()
  await writeAnchor(t.ports, t.dataDir)
})
afterAll(() => t.close())

/**
 * What a healthy product shows here all the same: the clock of the tests is not that of the database, the disk is whatever it is, and in October
 * the notice of the next year is not out.
 */
const HERE = /^The clock of the database|of the disk under|^The working days of/

async function found(seen: Partial<Patient> = {}): Promise<Finding[]> {
  const findings = await examine({ ...patient, ...seen })
  return findings.filter(({ what, level }) => level !== 'ok' && !HERE.test(what))
}

const later = (milliseconds: number): Partial<Patient> => ({
  ports: { ...t.ports, clock: movedClock(new Date(t.clock.now().getTime() + milliseconds)) },
})

const run = (statement: SQL) => t.ports.db.execute(statement)

async function addFile(referenced = true): Promise<string> {
  const { dataKey } = t.ports.secrets.newDataKey()
  const written = await t.ports.files.write(Readable.from([Buffer.from(uuid())]), dataKey, { maxBytes: 1000 })
  if ('tooLarge' in written) throw new Error('too large')
  if (referenced) await t.ports.db.insert(files).values({ ...written, submissionId: uuid(), seq: 0, variant: 'clean' })
  return written.id
}

const task = (values: Partial<typeof tasks.$inferInsert>) =>
  t.ports.db
    .insert(tasks)
    .values({ id: uuid(), kind: 'read', ref: uuid(), lane: 'read', due: t.clock.now(), ...values })

const delivery = (state: DeliveryState) =>
  t.ports.db
    .insert(deliveries)
    .values({ id: uuid(), assignmentId: uuid(), kind: 'case', state, createdAt: t.clock.now() })

describe('a product', () => {
  it('in which nothing is wrong has no finding but good ones', async () => {
    expect(await found()).toEqual([])
    const all = await examine(patient)
    expect(all.filter(({ level, mend }) => level === 'ok' && mend !== '')).toEqual([])
    expect(all.length).toBeGreaterThan(15)
  })

  it('is only looked at: what does not belong there stays', async () => {
    const orphan = await addFile(false)
    const path = t.ports.files.path(orphan)
    await utimes(path, new Date('2026-01-01'), new Date('2026-01-01'))
    expect(await found()).toMatchObject([{ level: 'warning', what: '1 files older than two days belong to nothing.' }])
    expect(await stat(path)).toBeDefined()
    expect(await found({ allFiles: false })).toEqual([])
    await t.ports.files.remove(orphan)
  })

  it('whose database is away has one finding', async () => {
    const db = openDatabase({ connection: { host: '/nowhere' }, poolSize: 1, log: () => undefined })
    expect(await examine({ ...patient, ports: { ...t.ports, db } })).toMatchObject([
      { level: 'error', what: expect.stringContaining('cannot be reached') },
    ])
  })

  it('whose clock is that of the database is told so', async () => {
    const findings = await examine({ ...patient, ports: { ...t.ports, clock: systemClock } })
    expect(findings).toContainEqual({ level: 'ok', what: expect.stringContaining('agree'), mend: '' })
    const [skewed] = (await examine(patient)).filter(({ what }) => what.startsWith('The clock of the database'))
    expect(skewed?.level).toBe('error')
  })

  it('whose database is too old is told so', async () => {
    const $client = { query: async () => ({ rows: [{ version: '14.9 (Debian)' }] }) }
    const [first] = await examine({ ...patient, ports: { ...t.ports, db: { $client } as unknown as Db } })
    expect(first).toMatchObject({ level: 'error', what: 'The database is PostgreSQL 14.9 (Debian).' })
  })

  it('with another secret key is told so', async () => {
    const secrets = makeSecrets(Buffer.alloc(32, 8))
    const findings = await found({ ports: { ...t.ports, secrets } })
    expect(findings.map(({ what }) => what)).toContain(
      'PAHT_SECRET_KEY is not the key that this database was made with.',
    )
  })

  it('whose data keys were wrapped by another key is told so', async () => {
    await run(sql`insert into data_key (id, wrapped) values (${uuid()}, ${Buffer.alloc(60)})`)
    expect(await found()).toMatchObject([{ level: 'error', what: expect.stringContaining('PAHT_SECRET_KEY') }])
    await run(sql`delete from data_key`)
  })
})

/** How it is done, what is found, how it is undone. */
type Ill = readonly [
  what: string,
  level: Finding['level'],
  does: () => Promise<unknown>,
  undoes: () => Promise<unknown>,
]

const chain = () => `case:${caseId}`
const ills: readonly Ill[] = [
  [
    'The schema of the database is not that of this version.',
    'error',
    () => run(sql`insert into drizzle.__drizzle_migrations (hash, created_at) values ('later', 9999999999999)`),
    () => run(sql`delete from drizzle.__drizzle_migrations where hash = 'later'`),
  ],
  [
    'There is no partition trace_2026_11.',
    'error',
    () => run(sql`drop table trace_2026_11`),
    () =>
      run(
        sql`create table trace_2026_11 partition of trace for values from ('2026-11-01 00:00Z') to ('2026-12-01 00:00Z')`,
      ),
  ],
  [
    'trace_default has 1 rows, from 2031-05 on',
    'error',
    () => run(sql`insert into trace values (${uuid()}, '2031-05-06', ${uuid()}, ${uuid()}, '')`),
    () => run(sql`delete from trace`),
  ],
  [
    ': entry 2 was changed.',
    'error',
    () => run(sql`update history set actor = 'citizen' where chain = ${chain()} and seq = 2`),
    () => run(sql`update history set actor = 'system' where chain = ${chain()} and seq = 2`),
  ],
  [
    'was removed with its whole history; anchor 2026-10.jsonl:1 saw its entry 2.',
    'error',
    async () => {
      await run(sql`create table kept as select * from history where chain = ${chain()}`)
      await run(sql`create table kept_case as select * from "case"`)
      await run(sql`delete from history where chain = ${chain()}`)
      await run(sql`delete from "case"`)
    },
    async () => {
      await run(sql`insert into history select * from kept`)
      await run(sql`insert into "case" select * from kept_case`)
      await run(sql`drop table kept, kept_case`)
    },
  ],
  [
    'is missing.',
    'error',
    async () => rm(t.ports.files.path(fileId)),
    async () => {
      await run(sql`delete from file`)
      fileId = await addFile()
    },
  ],
  [
    'is damaged.',
    'error',
    async () => writeFile(t.ports.files.path(fileId), 'other bytes'),
    async () => {
      await run(sql`delete from file`)
      await t.ports.files.remove(fileId)
      fileId = await addFile()
    },
  ],
  [
    '2 tasks "read" failed again and again: Error: no such thing',
    'error',
    async () => {
      await task({ state: 'dead', lastError: 'Error: no such thing' })
      await task({ state: 'dead' })
    },
    () => run(sql`delete from task`),
  ],
  [
    'Tasks have been due for more than 10 minutes: 1 "read".',
    'error',
    async () => {
      await run(sql`insert into lane (name, paused) values ('read', false), ('resting', true) on conflict do nothing`)
      await task({ due: new Date(t.clock.now().getTime() - 11 * 60_000) })
      await task({ due: new Date(t.clock.now().getTime() - 9 * 60_000) })
      await task({ due: new Date(0), lane: 'resting' })
      await task({ due: t.clock.now(), orderedBy: 'one' })
      await task({ due: new Date(0), orderedBy: 'one' })
      await task({ due: new Date(0), token: uuid(), leaseUntil: new Date(t.clock.now().getTime() + 20_000) })
    },
    () => run(sql`delete from task`),
  ],
  [
    '1 deliveries failed through a fault of ours.',
    'error',
    () => delivery('failed'),
    () => run(sql`delete from delivery`),
  ],
  [
    '1 deliveries were tried for seven days',
    'error',
    () => delivery('exhausted'),
    () => run(sql`delete from delivery`),
  ],
  [
    '1 deliveries were refused by the office.',
    'warning',
    () => delivery('rejected'),
    () => run(sql`delete from delivery`),
  ],
  ['1 deliveries wait for a link', 'warning', () => delivery('waiting'), () => run(sql`delete from delivery`)],
  [
    'Link ubnd is paused: 401 from the office',
    'error',
    () =>
      t.ports.db.insert(links).values({
        id: 'ubnd',
        kind: 'webhook',
        name: 'x',
        serves: ['*'],
        state: 'paused',
        pausedWhy: '401 from the office',
      }),
    () => run(sql`delete from link`),
  ],
  [
    'Nobody listens to source portal: unreachable: no route.',
    'error',
    () =>
      run(
        sql`insert into listener (source_id, last_fault, last_fault_at) values ('portal', 'unreachable: no route', ${new Date(0)})`,
      ),
    () => run(sql`delete from listener`),
  ],
  [
    '1 deliveries by link ubnd are in the exchange for more than 24 hours',
    'warning',
    async () => {
      await delivery('sent')
      await run(sql`update delivery set link_id = 'ubnd', first_attempt_at = ${new Date(0)} where state = 'sent'`)
    },
    () => run(sql`delete from delivery`),
  ],
  [
    'Source sms is off.',
    'warning',
    () =>
      run(sql`insert into source (id, kind, profile, name, state) values ('sms', 'portal', 'dien-bien', 'x', 'off')`),
    () => run(sql`delete from source where id = 'sms'`),
  ],
  [
    'No source is on: nobody can report anything.',
    'error',
    () => run(sql`update source set state = 'off'`),
    () => run(sql`update source set state = 'on'`),
  ],
  [
    'Looking at links failed: column link.state does not exist',
    'error',
    () => run(sql`alter table link rename column state to was`),
    () => run(sql`alter table link rename column was to state`),
  ],
]

describe('the doctor finds that', () => {
  it.each(ills)('%s', async (what, level, does, undoes) => {
    await does()
    const findings = await found()
    await undoes()
    expect(findings).toMatchObject([{ level, what: expect.stringContaining(what), mend: expect.stringMatching(/\w/) }])
    expect(await found()).toEqual([])
  })

  it.each([
    ['There is no partition', 'error', 40 * DAY],
    ['The working days of 2027 are computed from the law', 'warning', 0],
    ['The working days of 2027 are computed from the law', 'warning', 200 * DAY],
    ['The working days of 2029 are unknown but for weekends', 'warning', 900 * DAY],
  ])('%s, in time', async (what, level, milliseconds) => {
    expect(await examine({ ...patient, ...later(milliseconds) })).toContainEqual({
      level,
      what: expect.stringContaining(what),
      mend: expect.stringMatching(/\w/),
    })
  })

  it('before October only the current year counts', async () => {
    const findings = await examine({ ...patient, ...later(-20 * DAY) })
    expect(findings.map(({ what }) => what)).toContain('The calendars have the official working days.')
  })

  it('no anchor was ever written', async () => {
    expect(await found({ ...later(HOUR), dataDir: join(t.dataDir, 'files') })).toEqual([])
    expect(await found({ ...later(3 * HOUR), dataDir: join(t.dataDir, 'files') })).toMatchObject([
      { level: 'error', what: expect.stringContaining('There is no anchor') },
    ])
  })

  it('anchors are no longer written', async () => {
    t.clock.move(3 * HOUR)
    expect(await found()).toEqual([])
    await act(t.ports, { actor: 'system' }, async (a) => a.record({ of: 'case', id: caseId }, 'case.noted'))
    expect(await found()).toMatchObject([
      { level: 'warning', what: expect.stringContaining('The last anchor is of 2026-10-19T02') },
    ])
  })

  it.each([
    [400, 100_000, 'error'],
    [600, 100_000, 'warning'],
    [6000, 100_000, 'ok'],
    [15_000, 4_000_000, 'warning'],
    [25_000, 4_000_000, 'ok'],
  ] as const)('%i of %i MB are free: %s', (free, total, level) => {
    expect(spaceLeft(free * 1024 * 1024, total * 1024 * 1024).level).toBe(level)
  })
})
