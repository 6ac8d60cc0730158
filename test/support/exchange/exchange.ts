import { setMaxListeners } from 'node:events'
import type { AddressInfo } from 'node:net'
import multipart from '@fastify/multipart'
import fastify, { type FastifyInstance } from 'fastify'
import { Behaviour } from './behaviour.ts'
import { serveHub } from './hub.ts'
import { serveTests } from './ledger.ts'
import { play } from './office.ts'
import type { ExchangeOptions, Running } from './running.ts'
import { openStore, type Store } from './store.ts'

const MOST_BYTES = 60 * 1024 * 1024

export interface Exchange {
  readonly port: number
  close(): Promise<void>
}

/** A stand-in for a province's document exchange, with the offices behind it. It knows the hub by the documents it gets alone. */
export async function openExchange(options: ExchangeOptions): Promise<Exchange> {
  const store = openStore(options.store)
  const stop = new AbortController()
  // Each document that an office works on listens to it.
  setMaxListeners(0, stop.signal)
  const playing = new Set<Promise<void>>()
  const running: Running = {
    options,
    store,
    stop: stop.signal,
    behaviour: Behaviour.parse(options.behaviour ?? {}),
    told: new Map(),
    sinceSet: 0,
    work: (sent) => {
      for (const { organ, steps } of sent.plans) {
        const office = sent.to.find(({ id }) => id === organ)!
        const by = { store, behaviour: () => running.behaviour, told: running.told, stop: stop.signal }
        const done: Promise<void> = play({ sent, office, steps }, by)
          .catch((error: unknown) => {
            if (!stop.signal.aborted) throw error
          })
          .finally(() => playing.delete(done))
        playing.add(done)
      }
    },
  }

  const app = fastify({ forceCloseConnections: true })
  await app.register(multipart, { limits: { fileSize: MOST_BYTES, files: 1, fields: 10 } })
  serveHub(app, running)
  serveTests(app, running)
  await app.listen({ port: options.port, host: '127.0.0.1' })
  for (const sent of store.sent.values()) running.work(sent)
  return {
    port: (app.server.address() as AddressInfo).port,
    close: () => closeAll(app, { stop, playing, store }),
  }
}

async function closeAll(
  app: FastifyInstance,
  { stop, playing, store }: { stop: AbortController; playing: Set<Promise<void>>; store: Store },
): Promise<void> {
  stop.abort()
  await app.close()
  await Promise.all(playing)
  store.close()
}
