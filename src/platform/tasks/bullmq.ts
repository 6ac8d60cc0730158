import { Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import type { Wakeups } from './wakeups.ts'

const QUEUE = 'paht-wake'

/**
 * Wake-ups over Redis, for any number of web and worker processes. One job is one "there is work": whichever worker gets it claims from the
 * task table until nothing is due. Jobs hold no data and are removed at once, so Redis stays small whatever the backlog.
 *
 * With Redis away nothing waits: the producer's offline queue is off (otherwise `add` waits for ever, BullMQ docs "Going to production"),
 * and workers look at the table every 2 s anyway.
 */
export function redisWakeups(url: string, log: (error: Error) => void): Wakeups {
  const producer = new Redis(url, { maxRetriesPerRequest: 1, enableOfflineQueue: false })
  producer.on('error', log)
  const queue = new Queue(QUEUE, {
    connection: producer,
    defaultJobOptions: { removeOnComplete: true, removeOnFail: true },
    streams: { events: { maxLen: 100 } },
  })
  queue.on('error', log)

  let coming = false
  // Coalesced: a storm of commits makes one wake-up every few milliseconds, not one each.
  const kick = () => {
    if (coming) return
    coming = true
    setTimeout(() => {
      coming = false
      queue.add('work', {}).catch(log)
    }, 5).unref()
  }

  return {
    kick,
    listen: (pump) => {
      const connection = new Redis(url, { maxRetriesPerRequest: null })
      connection.on('error', log)
      const worker = new Worker(QUEUE, async () => pump(), { connection, concurrency: 4, skipStalledCheck: true })
      worker.on('error', log)
      return async () => {
        await worker.close(true)
        connection.disconnect()
      }
    },
    close: async () => {
      await queue.close().catch(log)
      producer.disconnect()
    },
  }
}
