import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

export interface Driving {
  /** `http://host:port` */
  readonly url: string
  readonly connections: number
  readonly seconds: number
  /** The next request whole, head and body; undefined when there is none left: then nothing was measured. */
  readonly next: () => Buffer | undefined
  /** The status that counts. */
  readonly wanted: number
  /** No more than so many in a second, over all connections. */
  readonly perSecond?: number
}

export interface Driven {
  readonly perSecond: number
  readonly refused: number
  /** Milliseconds, sorted. */
  readonly latencies: readonly number[]
}

/**
 * Sends requests that were made beforehand, one after the other on each connection. A client shares two cores with what is measured and no
 * citizen brings it along, so it is lean: of an answer it reads status and length.
 */
export async function drive(driving: Driving): Promise<Driven> {
  const { hostname, port } = new URL(driving.url)
  const seen = { latencies: [] as number[], accepted: 0, refused: 0, begun: 0 }
  const started = performance.now()
  const until = started + driving.seconds * 1000

  async function send(socket: Socket): Promise<void> {
    await once(socket, 'connect')
    await new Promise<void>((done, fail) => {
      let from = 0
      let received = ''
      const write = () => {
        from = performance.now()
        if (from >= until) return done()
        const bytes = driving.next()
        if (bytes === undefined) return fail(new Error('more than were made beforehand'))
        socket.write(bytes)
      }
      const next = () => {
        if (driving.perSecond === undefined) return write()
        // As they come from outside: by the clock, however long the last one took.
        const at = started + (seen.begun++ * 1000) / driving.perSecond
        setTimeout(write, Math.max(0, at - performance.now()))
      }
      // One character a byte: lengths are those of the bytes.
      socket.setEncoding('latin1').on('data', (chunk: string) => {
        received += chunk
        const status = wholeAnswer(received)
        if (status === undefined) return
        received = ''
        seen.latencies.push(performance.now() - from)
        if (status === driving.wanted) seen.accepted++
        else seen.refused++
        next()
      })
      socket.on('error', fail).on('close', () => fail(new Error('the product closed a connection')))
      next()
    })
    socket.removeAllListeners('close').destroy()
  }

  await Promise.all(
    Array.from({ length: driving.connections }, () =>
      send(connect({ host: hostname, port: Number(port) }).setNoDelay()),
    ),
  )
  const took = (performance.now() - started) / 1000
  const latencies = seen.latencies.sort((a, b) => a - b)
  return { perSecond: seen.accepted / took, refused: seen.refused, latencies }
}

/** The status of the answer at the head of what was received; undefined while it is not whole. */
function wholeAnswer(received: string): number | undefined {
  const end = received.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const length = Number(/\r\ncontent-length: (\d+)/i.exec(received)?.[1] ?? 0)
  return received.length < end + 4 + length ? undefined : Number(received.slice(9, 12))
}

/** A POST as it goes over the wire. */
export function post(url: URL, headers: Readonly<Record<string, string>>, body: string): Buffer {
  const head = [
    `POST ${url.pathname}${url.search} HTTP/1.1`,
    `host: ${url.host}`,
    `content-length: ${Buffer.byteLength(body)}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ]
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`)
}
