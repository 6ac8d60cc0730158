import { sql } from 'drizzle-orm'
import type { Db, Tx } from '../../platform/database/database.ts'
import type { Secrets } from '../../platform/secrets/secrets.ts'
import { CHAINED, entryMac, type Head, headSeal } from './record.ts'

export interface Break {
  readonly chain: string
  readonly found: 'changed' | 'missing' | 'cut-off' | 'head-changed' | 'owner-missing'
  readonly seq: number
}

const PAGE = 2000

/** Walks every chain of the database and says where one does not hold. Reads in pages: memory does not grow with the archive. */
export async function verifyHistory(db: Db | Tx, secrets: Secrets): Promise<Break[]> {
  const breaks: Break[] = []
  for (const of of CHAINED) breaks.push(...(await verifyOwners(db, secrets, of)))
  // As a difference of sets: asked row by row, 4,000 cases took 11 s; so 100,000 take 0.9 s.
  const { rows } = await db.execute<{ chain: string }>(sql`
    select distinct chain from history
    except (${sql.join(
      CHAINED.map((of) => sql`select ${`${of}:`} || id::text from ${sql.identifier(of)}`),
      sql` union all `,
    )})`)
  return [...breaks, ...rows.map(({ chain }) => ({ chain, found: 'owner-missing' as const, seq: 0 }))]
}

async function verifyOwners(db: Db | Tx, secrets: Secrets, of: (typeof CHAINED)[number]): Promise<Break[]> {
  const breaks: Break[] = []
  for (let after = ''; ; ) {
    const { rows: owners } = await db.execute<{ id: string; seq: number; mac: Buffer | null; seal: Buffer | null }>(sql`
      select id::text as id, history_seq as seq, history_mac as mac, history_seal as seal from ${sql.identifier(of)}
      where id::text collate "C" > ${after} order by id::text collate "C" limit ${PAGE}`)
    if (owners.length === 0) return breaks
    const names = owners.map((o) => `${of}:${o.id}`)
    const { rows } = await db.execute<{
      chain: string
      seq: number
      body: string
      mac: Buffer
      at: string
      actor: string
      kind: string
    }>(
      sql`select chain, seq, body, mac, at, actor, kind from history where chain = any(${sql.param(names)}::text[]) order by chain, seq`,
    )
    const byChain = new Map<string, Line[]>()
    for (const row of rows) byChain.set(row.chain, [...(byChain.get(row.chain) ?? []), row])
    for (const owner of owners) {
      const broken = verifyChain(secrets, `${of}:${owner.id}`, owner, byChain.get(`${of}:${owner.id}`) ?? [])
      if (broken !== undefined) breaks.push(broken)
    }
    after = owners.at(-1)!.id
  }
}

interface Line {
  readonly seq: number
  readonly body: string
  readonly mac: Buffer
  readonly at: string | Date
  readonly actor: string
  readonly kind: string
}

function verifyChain(
  secrets: Secrets,
  chain: string,
  owner: Head & { readonly seal: Buffer | null },
  lines: readonly Line[],
): Break | undefined {
  let head: Head = { seq: 0, mac: null }
  for (const line of lines) {
    if (line.seq !== head.seq + 1) return { chain, found: 'missing', seq: head.seq + 1 }
    const mac = entryMac(secrets, head, line.body)
    if (!mac.equals(line.mac) || !sameColumns(chain, line)) return { chain, found: 'changed', seq: line.seq }
    head = { seq: line.seq, mac }
  }
  if (owner.seq > head.seq) return { chain, found: 'cut-off', seq: head.seq + 1 }
  if (head.seq === 0 && owner.seal === null) return undefined
  if (owner.seq !== head.seq || !owner.seal?.equals(headSeal(secrets, chain, head)))
    return { chain, found: 'head-changed', seq: head.seq }
  return undefined
}

/** The columns beside the authenticated text are there for queries; they must say the same. */
function sameColumns(chain: string, line: Line): boolean {
  const said = JSON.parse(line.body) as { chain: string; seq: number; at: string; actor: string; kind: string }
  return (
    said.chain === chain &&
    said.seq === line.seq &&
    said.actor === line.actor &&
    said.kind === line.kind &&
    new Date(said.at).getTime() === new Date(line.at).getTime()
  )
}
