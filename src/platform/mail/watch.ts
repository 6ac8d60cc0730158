import type { Fault } from '../../core/fault.ts'
import { imapConnection } from './connect.ts'
import { follow } from './follow.ts'
import type { MailWatch } from './mail.ts'
import { patienceOf } from './patience.ts'

/** Two batches may be in the taker's hands, one being read while the other is written, and a third is fetched meanwhile. */
const MOST_TAKING = 2

/** Runs one connection until it is lost or given up. */
export async function watchMail(watch: MailWatch): Promise<Fault | undefined> {
  const { server, signal } = watch
  if (signal.aborted) return undefined
  const connection = imapConnection(server, patienceOf(watch.watchdogSeconds), watch.maxBytes)
  const close = () => connection.client.close()
  signal.addEventListener('abort', close, { once: true })
  const taking: Promise<void>[] = []
  let caughtUp = false
  const steps = follow(connection, watch)
  try {
    for (;;) {
      const step = await steps.next().catch((error: unknown) => ({ error }))
      const batch = !signal.aborted && 'value' in step && step.value !== 'caught-up' ? step.value : undefined
      // What the taker cannot do is thrown here: it is not the server's fault, and goes before it.
      for (const most = batch === undefined ? 0 : MOST_TAKING - 1; taking.length > most; ) await taking.shift()
      if (signal.aborted) return undefined
      if ('error' in step) return connection.faultOf(step.error)
      if (batch === undefined) {
        if (!caughtUp) watch.caughtUp()
        caughtUp = true
      } else {
        const taken = watch.take(batch)
        // It is awaited further up; until then its failure waits.
        taken.catch(() => undefined)
        taking.push(taken)
      }
    }
  } finally {
    signal.removeEventListener('abort', close)
    close()
    // Whatever became of the connection: nobody may go on while a batch is still being written.
    await Promise.allSettled(taking)
  }
}
