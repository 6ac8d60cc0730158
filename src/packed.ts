import type { Envelope } from './channels/channel.ts'

/** Envelopes on their way to another thread: their bodies in one buffer, which can be handed over whole. */
export interface Packed {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly envelopes: readonly (Omit<Envelope, 'body'> & { readonly length: number })[]
}

/** What goes to a worker thread at once. */
export interface Reading {
  /** Of each envelope; the channel is named, since code cannot be sent. */
  readonly asked: readonly { readonly kind: string; readonly settings: unknown }[]
  readonly packed: Packed
}

export function pack(envelopes: readonly Envelope[]): Packed {
  const bytes = new Uint8Array(new ArrayBuffer(envelopes.reduce((sum, { body }) => sum + body.length, 0)))
  let at = 0
  for (const { body } of envelopes) {
    bytes.set(body, at)
    at += body.length
  }
  return { bytes, envelopes: envelopes.map(({ body, ...rest }) => ({ ...rest, length: body.length })) }
}

export function unpack({ bytes, envelopes }: Packed): Envelope[] {
  let at = 0
  return envelopes.map(({ length, ...rest }) => {
    at += length
    return { ...rest, body: Buffer.from(bytes.buffer, at - length, length) }
  })
}
