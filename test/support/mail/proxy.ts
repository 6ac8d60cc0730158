import { once } from 'node:events'
import { createConnection, createServer, type Socket } from 'node:net'

/** A network between a client and a server, which can fail. */
export interface Proxy {
  readonly host: string
  readonly port: number
  /** How many connections go through it. */
  connections(): number
  /** Cuts all connections. New ones are let through. */
  drop(): void
  /** From now on bytes vanish in both directions, and so does every end of a connection; new ones are taken and hear nothing. */
  blackHole(): void
  /** New connections are let through again; those that have lost bytes are cut. */
  resume(): void
  close(): Promise<void>
}

export async function startProxy(to: { readonly host: string; readonly port: number }): Promise<Proxy> {
  const pairs = new Set<readonly [client: Socket, server: Socket]>()
  let swallows = false
  const drop = () => {
    for (const pair of pairs) for (const socket of pair) socket.destroy()
    pairs.clear()
  }

  const listener = createServer({ allowHalfOpen: true }, (client) => {
    const server = createConnection({ ...to, allowHalfOpen: true })
    const pair = [client, server] as const
    pairs.add(pair)
    for (const [from, into] of [
      [client, server],
      [server, client],
    ] as const) {
      from.on('data', (bytes) => {
        if (swallows) return
        // Whoever reads slowly slows down the other side, as without us.
        if (!into.write(bytes)) from.pause()
      })
      into.on('drain', () => from.resume())
      from.on('end', () => {
        if (!swallows) into.end()
      })
      from.on('error', () => undefined) // `close` follows
      from.on('close', () => {
        // The other side is told nothing as long as the network is gone.
        if (swallows) return
        into.destroy()
        pairs.delete(pair)
      })
    }
  })
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const { port } = listener.address() as { port: number }

  return {
    host: '127.0.0.1',
    port,
    connections: () => pairs.size,
    drop,
    blackHole: () => {
      swallows = true
      // A side that was paused for a slow reader is read on: its bytes vanish, too.
      for (const pair of pairs) for (const socket of pair) socket.resume()
    },
    resume: () => {
      if (!swallows) return
      swallows = false
      drop()
    },
    close: async () => {
      swallows = false
      drop()
      listener.close()
      await once(listener, 'close')
    },
  }
}
