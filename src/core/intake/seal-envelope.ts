import { createHash } from 'node:crypto'
import type { Envelope, Item, StoredFile, Submitted, Unreadable } from '../../channels/channel.ts'
import { newId } from '../../platform/secrets/random.ts'
import type { DataKey } from '../../platform/secrets/secrets.ts'
import type { Ports } from '../act.ts'
import { MAX_ENVELOPE_BYTES, MAX_FILE_BYTES, MAX_FILES } from './limits.ts'
import { type IntakeSource, newCode } from './rows.ts'

/** Up to this size a body rests in its row; above, in the file store, where it bloats neither the log of the database nor its backups' rows. */
const BODY_IN_ROW = 16 * 1024

/** What must be remembered beside an envelope's bytes. */
export interface EnvelopeHead {
  readonly event: string
  readonly files: readonly StoredFile[]
}

/** An envelope with everything that is written about it: sealed, its files in place. */
export interface SealedEnvelope {
  readonly envelopeId: string
  readonly receivedAt: Date
  readonly key: SealedKey
  readonly contentType: string
  readonly body: Buffer
  readonly head: Buffer
  /** Where it could not be read: why, and what it is known by. */
  readonly quarantined?: { readonly reason: string; readonly keyHashes: readonly Buffer[] }
  readonly items: readonly SealedItem[]
  /** The body, where it is large. */
  readonly files: readonly SealedFile[]
}

export interface SealedKey {
  readonly dataKey: DataKey
  readonly wrapped: Buffer
}

/** One thing of an envelope: a submission of its own (it has a code), or one of the others. */
export interface SealedItem {
  /** Of the submission, or of the item. */
  readonly id: string
  readonly seq: number
  readonly keyHashes: readonly Buffer[]
  readonly key: SealedKey
  /** Sealed JSON of what the channel read. */
  readonly item: Buffer
  readonly files: readonly SealedFile[]
  readonly as:
    | {
        readonly submission: {
          readonly code: string
          readonly quiet: boolean
          readonly fetch: boolean
          readonly talk?: string
        }
      }
    | { readonly kind: 'revised' | 'deleted' | 'receipt'; readonly about: Buffer }
    | { readonly kind: 'ignored'; readonly about: Buffer; readonly reason: string; readonly wish: boolean }
}

export type SealedFile = Omit<StoredFile, 'name'> & {
  readonly seq: number
  readonly variant: 'original' | 'envelope'
}

export interface Sealing {
  readonly source: IntakeSource
  readonly envelope: Envelope
  readonly receivedAt: Date
  readonly read: readonly Item[] | Unreadable
  /** No automatic notice goes out for what is in it. */
  readonly quiet: boolean
  /** Made by the caller where the order in which things came must be theirs. */
  readonly envelopeId?: string
  readonly submissionId?: string
}

type Sealer = Pick<Ports, 'secrets' | 'files'>

/**
 * Seals what was handed over, its files first: they are in place before a row refers to them. One thing alone shares its envelope's key, so that
 * erasing it reaches the raw copy; of many each has a key of its own, and the envelope another.
 */
export async function sealEnvelope(ports: Sealer, sealing: Sealing): Promise<SealedEnvelope> {
  const { secrets, files } = ports
  const { envelope, receivedAt, read } = sealing
  const envelopeId = sealing.envelopeId ?? newId()
  const key = secrets.newDataKey()
  const large = envelope.body.length > BODY_IN_ROW
  const head: EnvelopeHead = { event: envelope.event, files: envelope.files }
  const base = {
    envelopeId,
    receivedAt,
    key,
    contentType: envelope.contentType,
    body: large ? Buffer.alloc(0) : secrets.seal(key.dataKey, envelope.body, `envelope:${envelopeId}`),
    head: secrets.seal(key.dataKey, JSON.stringify(head), `envelope-head:${envelopeId}`),
    files: large
      ? [{ ...(await putBody(files, key.dataKey, envelope.body)), seq: 0, variant: 'envelope' as const }]
      : [],
  }
  const wrong = 'unreadable' in read ? read.unreadable : read.length === 0 ? 'holds nothing' : undefined
  if ('unreadable' in read || wrong !== undefined)
    return {
      ...base,
      items: [],
      quarantined: { reason: wrong!.slice(0, 500), keyHashes: hashes(secrets, keysOfBytes(envelope)) },
    }
  const items: SealedItem[] = []
  for (const [seq, item] of read.entries())
    items.push(await sealItem(ports, { ...sealing, item, seq, key: read.length === 1 ? key : secrets.newDataKey() }))
  return { ...base, items }
}

export interface SealingItem extends Pick<Sealing, 'source' | 'receivedAt' | 'quiet' | 'submissionId'> {
  readonly item: Item
  readonly seq: number
  readonly key: SealedKey
}

/** One thing of an envelope, its files first. */
export async function sealItem(ports: Sealer, one: SealingItem): Promise<SealedItem> {
  const { secrets } = ports
  const { item, seq, key } = one
  const id = item.item === 'submitted' && one.submissionId !== undefined ? one.submissionId : newId()
  const seal = (value: Item) => secrets.seal(key.dataKey, JSON.stringify(value), `submission:${id}`)
  if (item.item === 'submitted') {
    const submitted = await putAttachments(ports.files, key.dataKey, item)
    return {
      ...{ id, seq, key, item: seal(submitted), keyHashes: hashes(secrets, item.keys) },
      files: submitted.files.map((file, at) => ({ ...file, seq: at, variant: 'original' as const })),
      as: {
        submission: {
          code: newCode(one.source.codePrefix, one.receivedAt),
          quiet: one.quiet,
          fetch: (item.remote?.length ?? 0) > 0,
          ...(item.talk !== undefined && { talk: talkOf(secrets, one.source, item.talk) }),
        },
      },
    }
  }
  const about = secrets.index('submission', item.keys[0] ?? item.event)
  const base = { id, seq, key, files: [] }
  if (item.item === 'ignored')
    return {
      ...{ ...base, item: seal(withoutBytes(item)), keyHashes: hashes(secrets, item.keys) },
      as: { kind: 'ignored', about, reason: item.reason, wish: item.wish !== undefined },
    }
  if (item.item === 'receipt')
    return {
      ...{ ...base, item: seal(item), keyHashes: hashes(secrets, item.keys) },
      as: { kind: 'receipt', about },
    }
  // Known by itself, not by the message that it is about.
  const keyHashes = hashes(secrets, [`event:${item.event}`])
  if (item.item === 'deleted') return { ...{ ...base, item: seal(item), keyHashes }, as: { kind: 'deleted', about } }
  const now = await putAttachments(ports.files, key.dataKey, item.now)
  return {
    ...{ ...base, item: seal({ ...item, now }), keyHashes },
    files: now.files.map((file, at) => ({ ...file, seq: at, variant: 'original' as const })),
    as: { kind: 'revised', about },
  }
}

/** Sorted, so that two writers with keys in common wait for each other in one order. */
const hashes = (secrets: Ports['secrets'], keys: readonly string[]): Buffer[] =>
  [...new Set(keys)].map((key) => secrets.index('submission', key)).sort(Buffer.compare)

/** What is said in one talk is read in order. */
const talkOf = (secrets: Ports['secrets'], { id }: IntakeSource, talk: string): string =>
  `talk:${secrets.index('talk', `${id}:${talk}`).toString('base64url').slice(0, 22)}`

/** Two codes alike, of 21.9 thousand million in a year: draw others. */
export function withNewCodes(sealed: SealedEnvelope, { codePrefix }: IntakeSource): SealedEnvelope {
  const withNewCode = (item: SealedItem): SealedItem =>
    'submission' in item.as
      ? { ...item, as: { submission: { ...item.as.submission, code: newCode(codePrefix, sealed.receivedAt) } } }
      : item
  return { ...sealed, items: sealed.items.map(withNewCode) }
}

/** Unreadable, it is known by its event and its very bytes: a mailbox that counts anew must not bring it a second time. */
function keysOfBytes({ event, body }: Envelope): readonly string[] {
  const bytes = body.length === 0 ? [] : [`raw:${createHash('sha256').update(body).digest('hex')}`]
  return [`uid:${event}`, ...bytes]
}

/** What would be a report is read from its envelope again, should an officer say that it is one. */
function withoutBytes(item: Extract<Item, { item: 'ignored' }>): Item {
  const { as: _as, ...rest } = item
  return rest
}

async function putBody(files: Ports['files'], key: DataKey, body: Buffer) {
  const written = await files.write(body, key, { maxBytes: MAX_ENVELOPE_BYTES })
  if ('tooLarge' in written) throw new Error('an envelope above its limit')
  return written
}

/** What is over a limit stays in the envelope alone, and is counted. */
async function putAttachments(files: Ports['files'], key: DataKey, item: Submitted): Promise<Submitted> {
  const { attachments = [], ...submitted } = item
  const stored: StoredFile[] = [...submitted.files]
  let leftOut = 0
  for (const { name, bytes } of attachments) {
    const written =
      stored.length < MAX_FILES
        ? await files.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), key, {
            maxBytes: MAX_FILE_BYTES,
          })
        : { tooLarge: 0 }
    if ('tooLarge' in written) leftOut++
    else stored.push({ ...written, name: name.slice(0, 200) })
  }
  return { ...submitted, files: stored, ...(leftOut > 0 && { leftOut }) }
}
