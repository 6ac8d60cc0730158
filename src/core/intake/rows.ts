import { randomInt } from 'node:crypto'
import { v7 as uuid } from 'uuid'
import type { Envelope, Submitted } from '../../channels/channel.ts'
import { makeCode } from '../../normalize/code.ts'
import type { DataKey, Secrets } from '../../platform/secrets/secrets.ts'
import { dayInVietnam } from '../profile/profile.ts'

/** What an intake needs to know of the source that something came through. */
export interface IntakeSource {
  readonly id: string
  readonly channel: string
  readonly codePrefix: string
}

/** One envelope with the one thing that was sent in it, on its way to the database. */
export interface Arrival {
  readonly source: IntakeSource
  readonly envelope: Envelope
  readonly item: Submitted
  readonly key: { readonly dataKey: DataKey; readonly wrapped: Buffer }
  readonly receivedAt: Date
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
  readonly contentType: string
  readonly body: Buffer
  readonly head: Buffer
  readonly taskId: string
  readonly keyHashes: readonly Buffer[]
  readonly files: readonly {
    readonly id: string
    readonly seq: number
    readonly print: string
    readonly type: string
    readonly size: number
  }[]
}

export function rowsOf(secrets: Secrets, arrival: Arrival): ArrivalRows {
  const { source, envelope, item, key, receivedAt } = arrival
  const submissionId = uuid()
  const envelopeId = uuid()
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
    contentType: envelope.contentType,
    body: secrets.seal(dataKey, envelope.body, `envelope:${envelopeId}`),
    head: secrets.seal(
      dataKey,
      JSON.stringify({ event: envelope.event, files: envelope.files }),
      `envelope-head:${envelopeId}`,
    ),
    taskId: uuid(),
    // Sorted, so that two writers with keys in common wait for each other in one order.
    keyHashes: item.keys.map((k) => secrets.index('submission', k)).sort(Buffer.compare),
    files: item.files.map(({ id, print, type, size }, seq) => ({ id, seq, print, type, size })),
  }
}

export function newCode(prefix: string, receivedAt: Date): string {
  return makeCode({ prefix, year: Number(dayInVietnam(receivedAt).slice(0, 4)), random: (max) => randomInt(max) })
}

/** Tells a retry of the same message from another message under the same key: everything that was sent, ids of ours left out. */
function printOf(secrets: Secrets, item: Submitted): Buffer {
  const { event: _event, keys: _keys, files, ...sent } = item
  return secrets.index('print', JSON.stringify([sent, files.map((f) => [f.print, f.name])]))
}
