import { availableParallelism } from 'node:os'
import { Piscina } from 'piscina'
import type { Envelope, Item, Unreadable } from './channels/channel.ts'
import { channels } from './channels/list.ts'
import { pack, type Reading } from './packed.ts'
import { pieces } from './platform/pieces.ts'

const IDLE_MS = 60_000

export type Read = readonly Item[] | Unreadable

interface Limits {
  readonly seconds: number
  /** Of one thread. */
  readonly heapMb: number
}

/** A mail of 36 MB takes some 2 s and 200 MB: its bytes, decoded, as text. What takes longer is made to. */
const LIMITS: Limits = { seconds: 20, heapMb: 512 }
/** A mail's bytes and files weigh as long as nobody looks whether they are still needed; with a small nursery that is often. */
const YOUNG_MB = 12
/** Handed to a thread at once: handing over costs as much as reading a fifth of a small mail. */
const PIECE = { most: 16, mostBytes: 1024 * 1024 }

/** Reads here, without the limits: what the worker thread does inside. */
export async function readHere(kind: string, envelope: Envelope, settings: unknown): Promise<Read> {
  const channel = channels.find((each) => each.kind === kind)
  if (channel === undefined) throw new Error(`no channel of kind ${kind}`)
  try {
    return await channel.read(envelope, settings)
  } catch (error) {
    return { unreadable: error instanceof Error ? error.name : 'failed' }
  }
}

interface Waiting {
  readonly kind: string
  readonly settings: unknown
  readonly envelope: Envelope
  readonly resolve: (read: Read) => void
  readonly reject: (error: unknown) => void
}

/**
 * Threads that read envelopes: one that reads for ever, or until memory ends, costs its own message and nothing else. What is asked for in one
 * turn goes to them in pieces; a piece that does not come back is read again one by one.
 */
export function makeReaders({ seconds, heapMb }: Limits = LIMITS): {
  read(kind: string, envelope: Envelope, settings: unknown): Promise<Read>
  close(): Promise<void>
} {
  let pool: Piscina<Reading, readonly Read[]> | undefined
  let waiting: Waiting[] = []

  async function handOver(piece: readonly Waiting[]): Promise<void> {
    const packed = pack(piece.map(({ envelope }) => envelope))
    pool ??= startThreads(heapMb)
    try {
      const results = await pool.run(
        { asked: piece.map(({ kind, settings }) => ({ kind, settings })), packed },
        { transferList: [packed.bytes.buffer], signal: AbortSignal.timeout(seconds * 1000) },
      )
      for (const [i, { resolve }] of piece.entries()) resolve(results[i]!)
    } catch (error) {
      const why = beyondLimits(error, { seconds, heapMb })
      if (why === undefined) for (const { reject } of piece) reject(error)
      else if (piece.length > 1) for (const one of piece) await handOver([one])
      else for (const { resolve } of piece) resolve({ unreadable: why })
    }
  }

  function handOverAll(): void {
    const all = waiting
    waiting = []
    for (const piece of pieces(all, ({ envelope }) => envelope.body.length, PIECE)) void handOver(piece)
  }

  return {
    read: (kind, envelope, settings) =>
      new Promise((resolve, reject) => {
        if (waiting.length === 0) queueMicrotask(handOverAll)
        waiting.push({ kind, settings, envelope, resolve, reject })
      }),
    close: async () => {
      await pool?.destroy()
      pool = undefined
    },
  }
}

function beyondLimits(error: unknown, { seconds, heapMb }: Limits): string | undefined {
  const { name, code } = error as { readonly name?: string; readonly code?: string }
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') return `took more than ${heapMb} MB to read`
  return name === 'AbortError' || name === 'TimeoutError' ? `took longer than ${seconds} s to read` : undefined
}

/** Made when the first envelope comes: a process that listens to nothing has no threads for it. */
function startThreads(heapMb: number): Piscina<Reading, readonly Read[]> {
  // From the sources (`npm run dev`, tests) the threads need the loader that this process has.
  const fromSource = import.meta.url.endsWith('.ts')
  return new Piscina({
    filename: new URL(fromSource ? './reader.ts' : './reader.js', import.meta.url).href,
    maxThreads: Math.min(4, availableParallelism()),
    // A thread takes a second to start: it must not end between two batches, as it does by default.
    idleTimeout: IDLE_MS,
    resourceLimits: { maxOldGenerationSizeMb: heapMb, maxYoungGenerationSizeMb: YOUNG_MB },
    ...(fromSource && { execArgv: ['--import', 'tsx'] }),
  })
}
