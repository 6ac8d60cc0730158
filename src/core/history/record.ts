import canonicalize from 'canonicalize'
import { sql } from 'drizzle-orm'
import type { Tx } from '../../platform/database/database.ts'
import type { Secrets } from '../../platform/secrets/secrets.ts'

/** The tables whose rows have a chain of their own; the head of the chain stands in the row. */
export const CHAINED = [
  'case',
  'source',
  'agency',
  'link',
  'profile',
  'calendar',
  'user',
  'api_token',
  'account_rules',
] as const

/** `case:0192…`, `link:webhook-1`. */
export interface Chain {
  readonly of: (typeof CHAINED)[number]
  readonly id: string
}

export interface Entry {
  readonly chain: Chain
  readonly at: Date
  readonly actor: string
  readonly kind: string
  readonly body: Readonly<Record<string, string | number | boolean | null | readonly string[]>>
}

export interface Head {
  readonly seq: number
  readonly mac: Buffer | null
}

const chainName = (chain: Chain): string => `${chain.of}:${chain.id}`

/** Over the previous MAC and the entry's canonical JSON (RFC 8785): changing, removing or reordering an entry breaks every later one. */
export function entryMac(secrets: Secrets, previous: Head, text: string): Buffer {
  return secrets.historyMac(['entry', previous.mac ?? '', text])
}

/** Over the head itself: whoever cuts entries off the end cannot wind the head back to match. */
export function headSeal(secrets: Secrets, chain: string, head: Head): Buffer {
  return secrets.historyMac(['head', chain, String(head.seq), head.mac ?? ''])
}

function entryText(entry: {
  chain: string
  seq: number
  at: Date
  actor: string
  kind: string
  body: unknown
}): string {
  const text = canonicalize({ ...entry, at: entry.at.toISOString() })
  if (text === undefined) throw new Error('history entry is not JSON')
  return text
}

/**
 * Appends in the caller's transaction, in order, all chains of a table in one statement. The owning rows are locked, in the order of tables and
 * ids, so that two writers never wait for each other in a circle.
 */
export async function appendHistory(tx: Tx, secrets: Secrets, entries: readonly Entry[]): Promise<void> {
  for (const of of [...new Set(entries.map(({ chain }) => chain.of))].sort())
    await appendTo(
      tx,
      secrets,
      of,
      entries.filter(({ chain }) => chain.of === of),
    )
}

async function appendTo(tx: Tx, secrets: Secrets, of: Chain['of'], entries: readonly Entry[]): Promise<void> {
  const owner = sql.identifier(of)
  const ids = sql.raw(of === 'case' || of === 'user' ? 'uuid[]' : 'text[]')
  const wanted = [...new Set(entries.map(({ chain }) => chain.id))]
  const { rows } = await tx.execute<{ id: string; seq: number; mac: Buffer | null }>(sql`
    select id::text as id, history_seq as seq, history_mac as mac from ${owner}
    where id = any(${sql.param(wanted)}::${ids}) order by id for update`)
  const heads = new Map<string, Head>(rows.map(({ id, seq, mac }) => [id, { seq, mac }]))
  const lines = entries.map((entry) => {
    const name = chainName(entry.chain)
    const head = heads.get(entry.chain.id)
    if (head === undefined) throw new Error(`history of ${name}, which does not exist`)
    const seq = head.seq + 1
    const text = entryText({ chain: name, seq, at: entry.at, actor: entry.actor, kind: entry.kind, body: entry.body })
    const mac = entryMac(secrets, head, text)
    heads.set(entry.chain.id, { seq, mac })
    return { name, seq, text, mac, entry }
  })
  const ends = [...heads].map(([id, head]) => ({ id, ...head, seal: headSeal(secrets, `${of}:${id}`, head) }))
  await tx.execute(sql`
    with entries as (
      insert into history (chain, seq, at, actor, kind, body, mac)
      select * from unnest(
        ${sql.param(lines.map((l) => l.name))}::text[], ${sql.param(lines.map((l) => l.seq))}::int[],
        ${sql.param(lines.map((l) => l.entry.at))}::timestamptz[], ${sql.param(lines.map((l) => l.entry.actor))}::text[],
        ${sql.param(lines.map((l) => l.entry.kind))}::text[], ${sql.param(lines.map((l) => l.text))}::text[], ${sql.param(lines.map((l) => l.mac))}::bytea[])
    )
    update ${owner} o set history_seq = e.seq, history_mac = e.mac, history_seal = e.seal
    from unnest(
      ${sql.param(ends.map((e) => e.id))}::${ids}, ${sql.param(ends.map((e) => e.seq))}::int[],
      ${sql.param(ends.map((e) => e.mac!))}::bytea[], ${sql.param(ends.map((e) => e.seal))}::bytea[]) as e(id, seq, mac, seal)
    where o.id = e.id`)
}
