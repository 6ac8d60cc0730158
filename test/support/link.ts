import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Ports } from '../../src/core/act.ts'
import { isFault } from '../../src/core/fault.ts'
import { applyConfig } from '../../src/core/settings/apply.ts'
import { ConfigFile } from '../../src/core/settings/config-file.ts'

/** An office's address in this process that answers as it is told: for what is about the answer alone. */
export interface Answering {
  /** Statuses for the requests to come; the last one stays. */
  answer(...statuses: readonly [number, ...number[]]): void
  readonly bodies: readonly string[]
  readonly url: string
  close(): Promise<void>
}

export async function answering(): Promise<Answering> {
  let statuses: readonly number[] = [200]
  const bodies: string[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      bodies.push(Buffer.concat(chunks).toString())
      response.writeHead(statuses[0]!, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ id: `VP-${bodies.length}` }))
      if (statuses.length > 1) statuses = statuses.slice(1)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    answer: (...given) => {
      statuses = given
    },
    bodies,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/deliveries`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const secretOf = (text: string) => `whsec_${Buffer.from(text.padEnd(32, '.')).toString('base64')}`

export interface TestLink {
  readonly id: string
  readonly secret: string
  readonly callbackSecret: string
}

/** Tests do all that is due at once: on a fast machine the connector's own rate would leave some of it for the next second. */
const FAST = { perSecond: 1000, concurrency: 16 }

/** A webhook link to an address on this machine. */
export async function applyLink(
  ports: Ports,
  { id, url, serves = ['*'] }: { readonly id: string; readonly url: string; readonly serves?: readonly string[] },
): Promise<TestLink> {
  const [secret, callbackSecret] = [secretOf(`to ${id}`), secretOf(`from ${id}`)]
  const settings = { url, secret, callbackSecret, allow: ['127.0.0.0/8'] }
  const config = ConfigFile.parse({
    links: [{ id, kind: 'webhook', name: `Office ${id}`, serves, settings, limits: FAST }],
  })
  const applied = await applyConfig(ports, 'system', { config })
  if (isFault(applied)) throw new Error(applied.message)
  return { id, secret, callbackSecret }
}
