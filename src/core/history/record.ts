import canonicalize from 'canonicalize'
import { sql } from 'drizzle-orm'
import type { Tx } from '../../platform/database/database.ts'
import type { Secrets } from '../../platform/secrets/secrets.ts'

/** The tables whose rows have a chain of their own; the head of the chain stands in the row. */
export const CHAINED = ['case', 'source', 'agency', 'link', 'profile'] as const

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

/** Appends in the caller's transaction, in order; the owning rows are locked, chains in name order so that two writers never wait for each other in a circle. */
export async function appendHistory(tx: Tx, secrets: Secrets, entries: readonly Entry[]): Promise<void> {
  const chains = new Map<string, Entry[]>()
  for (const entry of entries) {
    const name = chainName(entry.chain)
    chains.set(name, [...(chains.get(name) ?? []), entry])
  }
  for (const [name, own] of [...chains].sort(([a], [b]) => (a < b ? -1 : 1))) await appendChain(tx, secrets, name, own)
}

async function appendChain(tx: Tx, secrets: Secrets, name: string, entries: readonly Entry[]): Promise<void> {
  const { of, id } = entries[0]!.chain
  const owner = sql.identifier(of)
  const { rows } = await tx.execute<{ seq: number; mac: Buffer | null }>(
    sql`select history_seq as seq, history_mac as mac from ${owner} where id = ${id} for update`,
  )
  let head: Head | undefined = rows[0]
  if (head === undefined) throw new Error(`history of ${name}, which does not exist`)
  const lines: { seq: number; text: string; mac: Buffer; entry: Entry }[] = []
  for (const entry of entries) {
    const seq: number = head.seq + 1
    const text = entryText({ chain: name, seq, at: entry.at, actor: entry.actor, kind: entry.kind, body: entry.body })
    const mac = entryMac(secrets, head, text)
    lines.push({ seq, text, mac, entry })
    head = { seq, mac }
  }
  await tx.execute(sql`
    with entries as (
      insert into history (chain, seq, at, actor, kind, body, mac)
      select ${name}, * from unnest(
        ${sql.param(lines.map((l) => l.seq))}::int[], ${sql.param(lines.map((l) => l.entry.at))}::timestamptz[], ${sql.param(lines.map((l) => l.entry.actor))}::text[],
        ${sql.param(lines.map((l) => l.entry.kind))}::text[], ${sql.param(lines.map((l) => l.text))}::text[], ${sql.param(lines.map((l) => l.mac))}::bytea[])
    )
    update ${owner} set history_seq = ${head.seq}, history_mac = ${head.mac}, history_seal = ${headSeal(secrets, name, head)} where id = ${id}`)
}
