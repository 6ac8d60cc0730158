export interface GroupCommitOptions<In, Out> {
  /** Writes a batch in one transaction: one result for each, or throws and has written nothing. */
  readonly write: (batch: readonly In[]) => Promise<readonly Out[]>
  /** Is the database away (then nobody's arrival is to blame and nothing is tried again here)? */
  readonly isOutage: (error: unknown) => boolean
  readonly maxBatch: number
  readonly maxInFlight: number
  /** Who waits longer is told that it was not taken (503): a promise of at most 2 s. */
  readonly deadlineMs: number
}

/** Not taken in time, or the database is away. What was sent may be sent again under the same key. */
export class NotTaken extends Error {}

/**
 * Group commit: what arrives while a commit is under way goes together into the next one. Nobody waits for a timer: alone, an arrival is
 * written at once. A batch that fails for another reason than an outage is written again one by one, so a bad arrival costs only itself.
 */
export function groupCommit<In, Out>(options: GroupCommitOptions<In, Out>): (arrival: In) => Promise<Out> {
  const { write, isOutage, maxBatch, maxInFlight, deadlineMs } = options
  interface Waiting {
    readonly arrival: In
    readonly resolve: (result: Out) => void
    readonly reject: (error: unknown) => void
    late: boolean
  }
  const queue: Waiting[] = []
  let inFlight = 0
  let asked = false

  async function flush(batch: readonly Waiting[]): Promise<void> {
    try {
      const results = await write(batch.map((w) => w.arrival))
      batch.forEach((w, i) => {
        w.resolve(results[i]!)
      })
    } catch (error) {
      if (batch.length === 1 || isOutage(error)) {
        for (const w of batch)
          w.reject(isOutage(error) ? new NotTaken('the database is away', { cause: error }) : error)
      } else {
        for (const w of batch) await flush([w])
      }
    }
  }

  function next(): void {
    asked = false
    while (inFlight < maxInFlight && queue.length > 0) {
      const batch = queue.splice(0, maxBatch).filter((w) => !w.late)
      if (batch.length === 0) continue
      inFlight++
      void flush(batch).finally(() => {
        inFlight--
        next()
      })
    }
  }

  return (arrival) =>
    new Promise<Out>((resolve, reject) => {
      const waiting: Waiting = { arrival, resolve: settle(resolve), reject: settle(reject), late: false }
      const timer = setTimeout(() => {
        waiting.late = true
        reject(new NotTaken('not written in time'))
      }, deadlineMs)
      function settle<T>(done: (value: T) => void): (value: T) => void {
        return (value) => {
          clearTimeout(timer)
          done(value)
        }
      }
      queue.push(waiting)
      // In the next turn, so that requests that were read from sockets in this one share a commit.
      if (!asked) setImmediate(next)
      asked = true
    })
}
