import { randomInt } from 'node:crypto'
import type { Envelope, Submitted } from '../../channels/channel.ts'
import { makeCode } from '../../normalize/code.ts'
import { newId } from '../../platform/secrets/random.ts'
import type { DataKey, Secrets } from '../../platform/secrets/secrets.ts'
import type { Ports } from '../act.ts'
import { yearInVietnam } from '../day.ts'
import type { sources } from '../tables/index.ts'
import { addressHash } from './sender.ts'

/** What an intake needs to know of the source that something came through. */
export interface IntakeSource {
  readonly id: string
  readonly channel: string
  readonly codePrefix: string
}

export async function intakeSourceOf(
  { profiles }: Pick<Ports, 'profiles'>,
  { id, kind, profile: of }: Pick<typeof sources.$inferSelect, 'id' | 'kind' | 'profile'>,
): Promise<IntakeSource> {
  const { profile } = await profiles.get(of)
  return { id, channel: kind, codePrefix: profile.codePrefix }
}

/** One envelope with the one thing that was sent in it, on its way to the database. */
export interface Arrival {
  readonly source: IntakeSource
  readonly envelope: Envelope
  readonly item: Submitted
  readonly key: { readonly dataKey: DataKey; readonly wrapped: Buffer }
  readonly receivedAt: Date
  /** The network address of whoever sent it; nothing but a keyed hash of it is written. */
  readonly from?: string
}

/** The columns of everything that one arrival writes, sealed and keyed. */
export interface ArrivalRows {
  readonly submissionId: string
  readonly sourceId: string
  readonly envelopeId: string
  readonly receivedAt: Date
  readonly code: string
  readonly keyId: string
  readonly wrapped: Buffer
  readonly item: Buffer
  readonly print: Buffer
  /** Of those who give no number; empty of all others. */
  readonly addressHash: Buffer
  readonly contentType: string
  readonly body: Buffer
  readonly head: Buffer
  readonly taskId: string
  /** One that has to be fetched for waits for whoever keeps its files, and nobody else for it. */
  readonly lane: string
  readonly keyHashes: readonly Buffer[]
  readonly files: readonly {
    readonly id: string
    readonly seq: number
    readonly print: string
    readonly type: string
    readonly size: number
  }[]
}

/** A form's event and files stand in its item, sealed beside it: once is enough. */
const NO_HEAD = Buffer.alloc(0)
const NO_ADDRESS = Buffer.alloc(0)

export function rowsOf(secrets: Secrets, arrival: Arrival): ArrivalRows {
  const { source, envelope, item, key, receivedAt, from } = arrival
  const submissionId = newId()
  const envelopeId = newId()
  const { dataKey } = key
  return {
    submissionId,
    sourceId: source.id,
    envelopeId,
    receivedAt,
    code: newCode(source.codePrefix, receivedAt),
    keyId: dataKey.id,
    wrapped: key.wrapped,
    item: secrets.seal(dataKey, JSON.stringify(item), `submission:${submissionId}`),
    print: printOf(secrets, item),
    addressHash: from === undefined || item.sender.phone !== undefined ? NO_ADDRESS : addressHash(secrets, from),
    contentType: envelope.contentType,
    body: secrets.seal(dataKey, envelope.body, `envelope:${envelopeId}`),
    head: NO_HEAD,
    taskId: newId(),
    lane: (item.remote?.length ?? 0) > 0 ? `fetch:${source.id}` : 'read',
    // Sorted, so that two writers with keys in common wait for each other in one order.
    keyHashes: item.keys.map((k) => secrets.index('submission', k)).sort(Buffer.compare),
    files: item.files.map(({ id, print, type, size }, seq) => ({ id, seq, print, type, size })),
  }
}

export function newCode(prefix: string, receivedAt: Date): string {
  return makeCode({ prefix, year: yearInVietnam(receivedAt), random: (max) => randomInt(max) })
}

/** Tells a retry of the same message from another message under the same key: everything that was sent, ids of ours left out. */
function printOf(secrets: Secrets, item: Submitted): Buffer {
  const { event: _event, keys: _keys, files, ...sent } = item
  return secrets.index('print', JSON.stringify([sent, files.map((f) => [f.print, f.name])]))
}
