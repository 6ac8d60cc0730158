import { appendFile, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type SQL, sql } from 'drizzle-orm'
import { v7 as uuid } from 'uuid'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type TestPorts, testPorts } from '../../../test/support/ports.ts'
import { act } from '../act.ts'
import { cases, history } from '../tables/index.ts'
import { type AnchorBreak, lastAnchor, verifyAnchors, writeAnchor } from './anchor.ts'
import { entryMac, type Head } from './record.ts'
import { verifyHistory } from './verify.ts'

const HOUR = 3600_000
let t: TestPorts
let folder: string
/** A case with five entries, of which an anchor knows. */
let id: string
let chain: string

beforeAll(async () => {
  t = await testPorts()
  folder = join(t.dataDir, 'anchors')
})
afterAll(() => t.close())

beforeEach(async () => {
  // What one test has broken must not be found by the next.
  await t.ports.db.execute(sql`delete from history where chain like 'case:%'`)
  await t.ports.db.delete(cases)
  for (const file of await readdir(folder).catch(() => [])) await writeFile(join(folder, file), '')
  id = await openCase(5)
  await openCase(3)
  chain = `case:${id}`
  await anchor()
})

/** Entries a minute apart, then an hour in which nothing happens. */
async function openCase(entries: number): Promise<string> {
  const { ports } = t
  const own = uuid()
  await act(ports, { actor: 'system' }, async (a) => {
    const row = {
      id: own,
      profile: 'dien-bien',
      profileFrom: '2025-07-01',
      status: 'received',
      openedAt: a.at,
    } as const
    await a.tx.insert(cases).values(row)
    a.record({ of: 'case', id: own }, 'case.opened', { report: 1 })
  })
  for (let n = 2; n <= entries; n++) await record(own, n)
  return own
}

async function record(own: string, report: number): Promise<void> {
  t.clock.move(60_000)
  await act(t.ports, { actor: 'system' }, async (a) => a.record({ of: 'case', id: own }, 'case.noted', { report }))
}

async function anchor(): Promise<void> {
  t.clock.move(HOUR)
  await writeAnchor(t.ports, t.dataDir)
}

/** What the doctor hears, in two words each. */
async function found(): Promise<string[]> {
  const { db, secrets } = t.ports
  const inside = (await verifyHistory(db, secrets)).map((b) => `${b.chain === chain ? 'history' : b.chain} ${b.found}`)
  const outside = (await verifyAnchors(db, secrets, t.dataDir)).map(said)
  return [...inside, ...outside]
}

const said = (b: AnchorBreak) => `${b.chain === chain ? 'anchor' : (b.chain ?? b.anchor)} ${b.found}`

/** The statements of somebody who may write the database and has no key. */
type Tampering = () => readonly SQL[]

const cutOff = () => sql`delete from history where chain = ${chain} and seq > 3`
const tamperings: readonly (readonly [string, Tampering, readonly string[]])[] = [
  [
    'an entry is changed',
    () => [sql`update history set body = replace(body, '"report":3', '"report":8') where chain = ${chain} and seq = 3`],
    ['history changed'],
  ],
  [
    'a column beside the authenticated text is changed',
    () => [sql`update history set actor = 'citizen' where chain = ${chain} and seq = 3`],
    ['history changed'],
  ],
  [
    'an entry is removed from the middle',
    () => [sql`delete from history where chain = ${chain} and seq = 3`],
    ['history missing'],
  ],
  [
    'an entry is removed from the middle and the later ones are numbered anew',
    () => [
      sql`delete from history where chain = ${chain} and seq = 3`,
      sql`update history set seq = seq - 1 where chain = ${chain} and seq = 4`,
      sql`update history set seq = seq - 1 where chain = ${chain} and seq = 5`,
    ],
    ['history changed', 'anchor wound-back'],
  ],
  [
    'two entries are reordered',
    () => [
      sql`update history set seq = -seq where chain = ${chain} and seq in (2, 3)`,
      sql`update history set seq = 5 + seq where chain = ${chain} and seq < 0`,
    ],
    ['history changed'],
  ],
  ['the end is cut off', () => [cutOff()], ['history cut-off', 'anchor wound-back']],
  [
    'the end is cut off and the head wound back',
    () => [
      cutOff(),
      sql`update "case" set history_seq = 3, history_mac = (select mac from history where chain = ${chain} and seq = 3) where id = ${id}`,
    ],
    ['history head-changed', 'anchor wound-back'],
  ],
  [
    'everything is removed and the row made to look as if it had never had a history',
    () => [
      sql`delete from history where chain = ${chain}`,
      sql`update "case" set history_seq = 0, history_mac = null, history_seal = null where id = ${id}`,
    ],
    ['anchor removed'],
  ],
  [
    'the row of a case is removed, its history forgotten',
    () => [sql`delete from "case" where id = ${id}`],
    ['history owner-missing'],
  ],
  [
    'a case is removed whole, with all its rows',
    () => [sql`delete from history where chain = ${chain}`, sql`delete from "case" where id = ${id}`],
    ['anchor removed'],
  ],
]

describe('the doctor finds that', () => {
  it('nothing was touched', async () => {
    await record(id, 6)
    expect(await found()).toEqual([])
    await anchor()
    expect(await found()).toEqual([])
  })

  it.each(tamperings)('%s', async (_, tamper, expected) => {
    for (const statement of tamper()) await t.ports.db.execute(statement)
    expect(await found()).toEqual(expected)
  })

  it('a row was put back as it had been, seal and all, with the entries since then cut off', async () => {
    const { db } = t.ports
    const copy = await db.execute(sql`select history_seq, history_mac, history_seal from "case" where id = ${id}`)
    await record(id, 6)
    await anchor()
    const { history_seq: seq, history_mac: mac, history_seal: seal } = copy.rows[0]!
    await db.execute(sql`delete from history where chain = ${chain} and seq > ${seq}`)
    await db.execute(
      sql`update "case" set history_seq = ${seq}, history_mac = ${mac}, history_seal = ${seal} where id = ${id}`,
    )
    expect(await verifyHistory(db, t.ports.secrets)).toEqual([])
    expect(await found()).toEqual(['anchor wound-back'])
  })
})

describe('a verifier that', () => {
  it('only counts entries would miss what ours finds', async () => {
    const missed: string[] = []
    for (const [name, tamper] of tamperings) if (await passes(tamper(), countsOnly)) missed.push(name)
    expect(missed).toEqual([
      'an entry is changed',
      'a column beside the authenticated text is changed',
      'two entries are reordered',
      'the end is cut off and the head wound back',
      'everything is removed and the row made to look as if it had never had a history',
      'the row of a case is removed, its history forgotten',
      'a case is removed whole, with all its rows',
    ])
  })

  it('skips the seal and the anchors would miss a head that was wound back', async () => {
    const missed: string[] = []
    for (const [name, tamper] of tamperings) if (await passes(tamper(), sealless)) missed.push(name)
    expect(missed).toEqual([
      'a column beside the authenticated text is changed',
      'the end is cut off and the head wound back',
      'everything is removed and the row made to look as if it had never had a history',
      'the row of a case is removed, its history forgotten',
      'a case is removed whole, with all its rows',
    ])
  })

  interface Owner {
    readonly chain: string
    readonly seq: number
    readonly mac: Buffer | null
    readonly lines: readonly (typeof history.$inferSelect)[]
  }

  const countsOnly = ({ seq, lines }: Owner) => lines.length === seq

  function sealless({ seq, mac, lines }: Owner): boolean {
    let head: Head = { seq: 0, mac: null }
    for (const line of lines) head = { seq: line.seq, mac: entryMac(t.ports.secrets, head, line.body) }
    return head.seq === seq && (head.mac === mac || head.mac?.equals(mac ?? Buffer.alloc(0)) === true)
  }

  /** Tampers, asks the variant about every case, and takes the tampering back. */
  async function passes(statements: readonly SQL[], variant: (owner: Owner) => boolean): Promise<boolean> {
    class Back extends Error {}
    let passed = true
    const asked = t.ports.db.transaction(async (tx) => {
      for (const statement of statements) await tx.execute(statement)
      for (const own of await tx.select().from(cases)) {
        const name = `case:${own.id}`
        const lines = await tx.select().from(history).where(sql`${history.chain} = ${name}`).orderBy(history.seq)
        passed &&= variant({ chain: name, seq: own.historySeq, mac: own.historyMac, lines })
      }
      throw new Back()
    })
    await expect(asked).rejects.toThrow(Back)
    return passed
  }
})

describe('the anchors', () => {
  const path = async () => join(folder, (await readdir(folder)).sort().at(-1)!)
  const lines = async () => (await readFile(await path(), 'utf8')).trimEnd().split('\n')

  it('say nothing twice but for an hour of overlap, and say that they were there when nothing happened', async () => {
    await anchor()
    await anchor()
    const heads = (await lines()).map((line) => Object.keys((JSON.parse(line) as { heads: object }).heads).length)
    expect(heads[0]).toBeGreaterThan(2)
    expect(heads.slice(1)).toEqual([1, 0])
    expect(await lastAnchor(t.dataDir)).toEqual(t.clock.now())
  })

  it('hold an entry that commits after an anchor although its time is before it', async () => {
    const { ports } = t
    await act(ports, { actor: 'system' }, async (a) => {
      t.clock.move(60_000)
      await writeAnchor(ports, t.dataDir)
      a.record({ of: 'case', id }, 'case.noted', { report: 6 })
    })
    await anchor()
    await ports.db.execute(sql`delete from history where chain = ${chain} and seq = 6`)
    expect((await verifyAnchors(ports.db, ports.secrets, t.dataDir)).map(said)).toEqual(['anchor wound-back'])
  })

  it.each([
    ['changed', (all: string[]) => all.map((line) => line.replace(/\[5,/, '[4,')), ['2026-10.jsonl:1 changed']],
    [
      'made to a line that is none',
      (all: string[]) => ['{}', ...all.slice(1)],
      ['2026-10.jsonl:1 changed', '2026-10.jsonl:2 missing'],
    ],
    ['taken out', (all: string[]) => [all[0]!, ...all.slice(2)], ['2026-10.jsonl:2 missing']],
    ['taken off the beginning', (all: string[]) => all.slice(1), ['2026-10.jsonl:1 missing']],
    [
      'reordered',
      (all: string[]) => [all[0]!, all[2]!, all[1]!],
      ['2026-10.jsonl:2 missing', '2026-10.jsonl:3 missing'],
    ],
  ])('show that one of their lines was %s', async (_, change, expected) => {
    await anchor()
    await anchor()
    await writeFile(await path(), `${change(await lines()).join('\n')}\n`)
    expect(await found()).toEqual(expected)
  })

  it('are whole after a crash in the middle of a line', async () => {
    await appendFile(await path(), '{"at":"2026-10-19T')
    expect(await found()).toEqual([])
    await anchor()
    expect(await found()).toEqual([])
    expect(await lines()).toHaveLength(2)
  })

  it('begin anew when the last line was tampered with, so that nothing stays outside', async () => {
    await writeFile(await path(), (await readFile(await path(), 'utf8')).replace('"at":"2026', '"at":"2126'))
    await anchor()
    const heads = (JSON.parse((await lines()).at(-1)!) as { heads: object }).heads
    expect(Object.keys(heads)).toContain(chain)
    expect(Object.keys(heads).length).toBeGreaterThan(2)
    expect(await found()).toEqual(['2026-10.jsonl:1 changed'])
  })

  it('go on in the next month, bound to the month before', async () => {
    const before = await path()
    t.clock.move(31 * 24 * HOUR)
    await anchor()
    expect(await path()).not.toBe(before)
    expect(await found()).toEqual([])
    await writeFile(before, '')
    expect(await found()).toEqual(['2026-11.jsonl:1 missing'])
  })

  it('stay in order when two processes write one at the same time', async () => {
    await Promise.all([1, 2, 3, 4].map(() => writeAnchor(t.ports, t.dataDir)))
    expect(await lines()).toHaveLength(5)
    expect(await found()).toEqual([])
  })

  it('take more chains than fit into a line, also when the first try was cut short', async () => {
    t.clock.move(3 * HOUR)
    await t.ports.db.execute(sql`
      insert into history (chain, seq, at, actor, kind, body, mac)
      select 'case:' || n, 1, ${t.clock.now()}, 'system', 'case.opened', '{}', 'no mac' from generate_series(1, 10001) as n`)
    await anchor()
    const whole = await lines()
    expect(whole).toHaveLength(4)
    await writeFile(await path(), `${whole.slice(0, 2).join('\n')}\n`)
    t.clock.move(5 * HOUR)
    await anchor()
    const again = (await lines()).slice(2).map((line) => JSON.parse(line) as { heads: object })
    expect(new Set(again.flatMap((line) => Object.keys(line.heads))).size).toBe(10_001 + 1) // and the last of before, within the hour of overlap
    expect(await verifyAnchors(t.ports.db, t.ports.secrets, t.dataDir)).toEqual([])
  })
})
