import type { ImapFlow } from 'imapflow'
import type { Located } from './batches.ts'
import type { MailMessage } from './mail.ts'

/** How many messages are described in one answer: a command line stays below the 8,000 octets that RFC 7162 §4 recommends to servers. */
const DESCRIBED_AT_ONCE = 500
const DAY = 24 * 60 * 60 * 1000

export interface From {
  /** Messages with a greater UID. */
  readonly above: number
  /** Messages that the server got since then. */
  readonly since?: Date
}

/** UIDs of the open folder, ascending. They may include some of the day before `since`. */
export async function findUids(client: ImapFlow, { above, since }: From): Promise<number[]> {
  const found = await client.search(
    {
      uid: `${above + 1}:*`,
      // Whole days, in the server's time zone (RFC 9051 §6.4.4): asked for a day early, then compared exactly.
      ...(since !== undefined && { since: new Date(since.getTime() - DAY) }),
    },
    { uid: true },
  )
  if (!found) throw Object.assign(new Error('SEARCH was refused'), { responseStatus: 'NO' })
  // `n:*` is also `*:n`: above the end it names the last message (RFC 9051 §9, seq-range).
  return found.filter((uid) => uid > above).sort((a, b) => a - b)
}

/**
 * Size and time of arrival of messages, without fetching them. Those that have gone meanwhile are left out. An INTERNALDATE is in whole seconds
 * (RFC 9051 §2.3.3): what came in the very second of `since` counts.
 */
export async function* describe(
  client: ImapFlow,
  uids: readonly number[],
  since: Date | undefined,
): AsyncGenerator<Located[]> {
  const from = since === undefined ? 0 : Math.floor(since.getTime() / 1000) * 1000
  for (let start = 0; start < uids.length; start += DESCRIBED_AT_ONCE) {
    const wanted = uids.slice(start, start + DESCRIBED_AT_ONCE)
    const located = new Map<number, Located>()
    const query = { uid: true, size: true, internalDate: true }
    for await (const { uid, size, internalDate } of client.fetch(wanted, query, { uid: true })) {
      // A row without them is news of a flag that somebody else changed (RFC 9051 §7.5.2).
      if (size === undefined || internalDate === undefined) continue
      const receivedAt = new Date(internalDate)
      if (receivedAt.getTime() >= from) located.set(uid, { uid, size, receivedAt })
    }
    yield wanted.flatMap((uid) => located.get(uid) ?? [])
  }
}

export interface Fetched {
  readonly messages: MailMessage[]
  /** Why the rest did not come; `messages` ends before the first that is missing. */
  readonly failed?: { readonly error: unknown }
}

/**
 * Fetches the sources of messages in the open folder, with PEEK: `\Seen` stays as it is. What came before a connection broke counts, so that a
 * slow line that breaks every minute still gets ahead.
 */
export async function fetchSources(
  client: ImapFlow,
  batch: readonly Located[],
  { folder, uidValidity, maxBytes }: { folder: string; uidValidity: string; maxBytes: number },
): Promise<Fetched> {
  const sources = new Map<number, Buffer>()
  const wanted = batch.filter(({ size }) => size <= maxBytes).map(({ uid }) => uid)
  let failed: Fetched['failed']
  if (wanted.length > 0) {
    // RFC822.SIZE is a guess on some servers: one octet more than allowed is enough to see it.
    const query = { uid: true, source: { maxLength: maxBytes + 1 } }
    try {
      for await (const { uid, source } of client.fetch(wanted, query, { uid: true })) {
        if (source !== undefined) sources.set(uid, source)
      }
    } catch (error) {
      failed = { error }
    }
  }
  const messages: MailMessage[] = []
  for (const { uid, size, receivedAt } of batch) {
    const source = sources.get(uid)
    if (source === undefined && size <= maxBytes) {
      if (failed) break
      continue // expunged meanwhile
    }
    const tooLarge = source === undefined || source.length > maxBytes
    messages.push({
      folder,
      cursor: { uidValidity, uid },
      receivedAt,
      size: source === undefined || tooLarge ? Math.max(size, source?.length ?? 0) : source.length,
      source: source === undefined || tooLarge ? Buffer.alloc(0) : source,
      tooLarge,
    })
  }
  return { messages, ...(failed && { failed }) }
}
