import { createReadStream } from 'node:fs'
import { mkdir, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import canonicalize from 'canonicalize'
import { sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Db } from '../../platform/database/database.ts'
import { syncFolder } from '../../platform/files/sync-folder.ts'
import type { Secrets } from '../../platform/secrets/secrets.ts'
import type { Claimed } from '../../platform/tasks/claim.ts'
import { act, finishing, type Ports } from '../act.ts'

/**
 * What the database alone cannot show: that a case was removed with its whole history, or that a chain and its head were put back to an
 * earlier state. Every hour the heads of the chains that grew are written outside it, one line of JSON, each line bound to the one before.
 */
const AnchorLine = z.strictObject({
  at: z.iso.datetime(),
  /** The entries since then were looked at; null: all. */
  from: z.iso.datetime().nullable(),
  /** The chains did not fit: the same anchor goes on in the next line. */
  more: z.boolean(),
  /** Chain → number of its last entry, and that entry's MAC in hex. */
  heads: z.record(z.string(), z.tuple([z.int(), z.string()])),
  /** MAC of the line before, through all files; empty in the first line of all. */
  previous: z.string(),
  mac: z.string(),
})
type AnchorLine = z.infer<typeof AnchorLine>
type Anchor = Omit<AnchorLine, 'mac'>

const HOUR = 3600_000
/** An entry's time is that of its transaction's start: one that commits within this time after an anchor is in the next. */
const OVERLAP = HOUR
/** Some 600 kB a line. */
const HEADS_IN_LINE = 5000
/** Two writers at once, one of them late, would bind two lines to the same one. */
const LOCK = 7_046_313

export const ANCHORS = 'anchors'

type Anchoring = Pick<Ports, 'db' | 'clock' | 'secrets' | 'log'>

/** Hourly. */
export async function anchorTask(ports: Ports, dataDir: string, task: Claimed): Promise<void> {
  await writeAnchor(ports, dataDir)
  await act(ports, { actor: 'system', unrecorded: true }, (a) => finishing(a, task, new Date(a.at.getTime() + HOUR)))
}

/** Appends to `<dataDir>/anchors/YYYY-MM.jsonl`; durable when it resolves. The MAC goes to the log too, which whoever can write here may not reach. */
export async function writeAnchor({ db, clock, secrets, log }: Anchoring, dataDir: string): Promise<void> {
  const folder = join(dataDir, ANCHORS)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${LOCK})`)
    const at = clock.now()
    const last = await lastLine(folder)
    const from = last?.line && isAuthentic(secrets, last.line) ? continueFrom(last.line, at) : null
    await tx.execute(sql`
      declare heads no scroll cursor for
      select distinct on (chain) chain, seq, encode(mac, 'hex') as mac from history
      where ${from}::timestamptz is null or at >= ${from}::timestamptz order by chain, seq desc`)
    const month = `${at.toISOString().slice(0, 7)}.jsonl`
    const file = last !== undefined && last.file > month ? last.file : month // the clock went back: the order of the lines must not
    const out = await open(join(folder, file), 'a', 0o600)
    try {
      // A crash in the middle of a line left its beginning.
      if (last?.file === file) await out.truncate(last.end)
      let previous = last?.line?.mac ?? ''
      let chains = 0
      for (let more = true; more; ) {
        const { rows } = await tx.execute<Head>(sql.raw(`fetch ${HEADS_IN_LINE} from heads`))
        more = rows.length === HEADS_IN_LINE
        const heads = Object.fromEntries(
          rows.map(({ chain, seq, mac }) => [chain, [seq, mac] satisfies [number, string]]),
        )
        const line = signed(secrets, { at: at.toISOString(), from: from?.toISOString() ?? null, more, heads, previous })
        await out.appendFile(`${JSON.stringify(line)}\n`)
        previous = line.mac
        chains += rows.length
      }
      await out.sync()
      log.info({ chains, mac: previous }, 'history.anchored')
    } finally {
      await out.close()
    }
    await syncFolder(folder)
    await syncFolder(dataDir)
  })
}

type Head = { chain: string; seq: number; mac: string }

/** An anchor that was cut short is made again from where it began. */
function continueFrom(last: AnchorLine, now: Date): Date | null {
  if (last.more) return last.from === null ? null : new Date(last.from)
  return new Date(Math.min(new Date(last.at).getTime(), now.getTime()) - OVERLAP)
}

function signed(secrets: Secrets, anchor: Anchor): AnchorLine {
  return { ...anchor, mac: macOf(secrets, anchor) }
}

function macOf(secrets: Secrets, anchor: Anchor): string {
  const text = canonicalize(anchor)
  if (text === undefined) throw new Error('an anchor is not JSON')
  return secrets.historyMac(['anchor', text]).toString('hex')
}

function isAuthentic(secrets: Secrets, { mac, ...anchor }: AnchorLine): boolean {
  return mac === macOf(secrets, anchor)
}

export interface AnchorBreak {
  /** `2026-11.jsonl:12`, the line that tells. */
  readonly anchor: string
  /**
   * Of the anchors themselves: a line `changed`, or lines `missing` before this one. Of a chain: `removed` whole, `wound-back` to fewer
   * entries than it had, an entry `lost` from its middle or `rewritten`.
   */
  readonly found: 'changed' | 'missing' | 'removed' | 'wound-back' | 'lost' | 'rewritten'
  readonly chain?: string
  readonly seq?: number
}

/** What a person does next is the same after so many; the list stays small although everything may be broken. */
const MOST_BREAKS = 1000

/**
 * Every line bound to the one before and untouched, every chain of it still there and as long as it was. `db` must see what commits
 * meanwhile: an anchor may be written while this runs, and what it names is in the database before it is in the file.
 */
export async function verifyAnchors(db: Db, secrets: Secrets, dataDir: string): Promise<AnchorBreak[]> {
  const breaks = new Map<string, AnchorBreak>()
  let previous = ''
  for await (const { file, number, text } of allLines(join(dataDir, ANCHORS))) {
    if (breaks.size >= MOST_BREAKS) break
    const anchor = `${file}:${number}`
    const line = parse(text)
    if (line === undefined || !isAuthentic(secrets, line)) {
      breaks.set(anchor, { anchor, found: 'changed' })
      previous = line?.mac ?? ''
      continue
    }
    if (line.previous !== previous) breaks.set(anchor, { anchor, found: 'missing' })
    previous = line.mac
    // The first anchor that a chain breaks says when it was whole last; later ones repeat it.
    for (const broken of await brokenChains(db, line))
      if (!breaks.has(broken.chain)) breaks.set(broken.chain, { anchor, ...broken })
  }
  return [...breaks.values()].slice(0, MOST_BREAKS)
}

type BrokenChain = Pick<AnchorBreak, 'found'> & { readonly chain: string; readonly seq: number }

async function brokenChains(db: Db, { heads }: AnchorLine): Promise<BrokenChain[]> {
  const anchored = Object.entries(heads)
  const { rows } = await db.execute<{ chain: string; length: number | null; mac: string | null }>(sql`
    select a.chain, (select max(seq) from history where chain = a.chain) as length, encode(h.mac, 'hex') as mac
    from unnest(${sql.param(anchored.map(([chain]) => chain))}::text[], ${sql.param(anchored.map(([, head]) => head[0]))}::int[]) as a(chain, seq)
    left join history h on h.chain = a.chain and h.seq = a.seq`)
  const found = new Map(rows.map((row) => [row.chain, row]))
  return anchored.flatMap(([chain, [seq, mac]]): BrokenChain[] => {
    const now = found.get(chain)!
    if (now.mac === mac) return []
    if (now.mac !== null) return [{ chain, seq, found: 'rewritten' }]
    if (now.length === null) return [{ chain, seq, found: 'removed' }]
    return [{ chain, seq, found: now.length < seq ? 'wound-back' : 'lost' }]
  })
}

/** When the last anchor was written; undefined before the first, or when its line is not one. */
export async function lastAnchor(dataDir: string): Promise<Date | undefined> {
  const last = await lastLine(join(dataDir, ANCHORS))
  return last?.line && new Date(last.line.at)
}

interface Last {
  readonly file: string
  /** Undefined: not one of ours. */
  readonly line: AnchorLine | undefined
  /** Bytes of the file up to the end of the line. */
  readonly end: number
}

async function lastLine(folder: string): Promise<Last | undefined> {
  for (const file of (await anchorFiles(folder)).reverse()) {
    let last: { text: string; end: number } | undefined
    for await (const line of linesOf(join(folder, file))) last = line
    if (last !== undefined) return { file, line: parse(last.text), end: last.end }
  }
  return undefined
}

/** In the order of their months; a folder that is not there has none. */
export async function anchorFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
    return []
  })
  return names.filter((name) => /^\d{4}-\d\d\.jsonl$/.test(name)).sort()
}

async function* allLines(folder: string): AsyncGenerator<{ file: string; number: number; text: string }> {
  for (const file of await anchorFiles(folder)) {
    let number = 0
    for await (const { text } of linesOf(join(folder, file))) yield { file, number: ++number, text }
  }
}

/** Lines that are whole: what stands behind the last line end is being written, or was when the power went. */
async function* linesOf(path: string): AsyncGenerator<{ text: string; end: number }> {
  let rest = Buffer.alloc(0)
  let end = 0
  for await (const chunk of createReadStream(path)) {
    rest = Buffer.concat([rest, chunk as Buffer])
    for (let cut = rest.indexOf('\n'); cut >= 0; cut = rest.indexOf('\n')) {
      end += cut + 1
      yield { text: rest.toString('utf8', 0, cut), end }
      rest = rest.subarray(cut + 1)
    }
  }
}

function parse(text: string): AnchorLine | undefined {
  try {
    return AnchorLine.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
