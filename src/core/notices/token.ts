import { and, asc, eq, inArray } from 'drizzle-orm'
import { parse } from 'uuid'
import type { Receipt } from '../../channels/channel.ts'
import type { Db, Tx } from '../../platform/database/database.ts'
import type { Secrets } from '../../platform/secrets/secrets.ts'
import { noticeMessages, notices } from '../tables/index.ts'

export type Notice = typeof notices.$inferSelect

const ID_LETTERS = 25
const PROOF_LETTERS = 16

/**
 * Names a notice and proves that we made the name: 25 letters of its id, 16 (80 bits) of an HMAC over it. Lower-case letters and digits alone,
 * because mail servers and people change the case of addresses.
 */
export function tokenOf(secrets: Secrets, noticeId: string): string {
  const id = BigInt(`0x${Buffer.from(parse(noticeId)).toString('hex')}`)
  return id.toString(36).padStart(ID_LETTERS, '0') + proofOf(secrets, noticeId)
}

/** The first notice that one of the tokens names and proves. */
export async function noticeOf(tx: Tx | Db, secrets: Secrets, tokens: readonly string[]): Promise<Notice | undefined> {
  for (const token of tokens) {
    const id = idIn(secrets, token)
    const [notice] = id === undefined ? [] : await tx.select().from(notices).where(eq(notices.id, id))
    if (notice !== undefined) return notice
  }
  return undefined
}

/** The notice that a receipt of this source is about: by the provider's own id of it, or by a token that proves it. */
export async function noticeOfReceipt(
  tx: Tx | Db,
  secrets: Secrets,
  sourceId: string,
  { tokens, providerIds = [] }: Receipt,
): Promise<Notice | undefined> {
  if (providerIds.length > 0) {
    const [known] = await tx
      .select({ notice: notices })
      .from(noticeMessages)
      .innerJoin(notices, eq(notices.id, noticeMessages.noticeId))
      .where(and(eq(noticeMessages.sourceId, sourceId), inArray(noticeMessages.providerId, [...providerIds])))
      .limit(1)
    if (known !== undefined) return known.notice
  }
  return noticeOf(tx, secrets, tokens)
}

/** A mark that proves that its bearer goes on from this report: that of the first notice about it. */
export async function markOf(
  { db, secrets }: { readonly db: Db; readonly secrets: Secrets },
  reportId: string,
): Promise<string | undefined> {
  const [first] = await db
    .select({ id: notices.id })
    .from(notices)
    .where(eq(notices.reportId, reportId))
    .orderBy(asc(notices.createdAt), asc(notices.id))
    .limit(1)
  return first && tokenOf(secrets, first.id)
}

function idIn(secrets: Secrets, token: string): string | undefined {
  if (!/^[a-z0-9]{41}$/.test(token)) return undefined
  let id = 0n
  for (const letter of token.slice(0, ID_LETTERS)) id = id * 36n + BigInt(Number.parseInt(letter, 36))
  if (id >= 1n << 128n) return undefined
  const noticeId = id
    .toString(16)
    .padStart(32, '0')
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
  return secrets.sameToken(token.slice(ID_LETTERS), proofOf(secrets, noticeId)) ? noticeId : undefined
}

/** RFC 4648's Base32 letters, as a person writes them. */
const LETTERS = 'abcdefghijklmnopqrstuvwxyz234567'

function proofOf(secrets: Secrets, noticeId: string): string {
  const bytes = secrets.index('notice-token', noticeId).subarray(0, (PROOF_LETTERS * 5) / 8)
  let bits = BigInt(`0x${bytes.toString('hex')}`)
  let proof = ''
  for (let i = 0; i < PROOF_LETTERS; i++, bits >>= 5n) proof += LETTERS[Number(bits & 31n)]
  return proof
}
