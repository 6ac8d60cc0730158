import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** The address that the outside world knows, before any number of web processes. */
export interface Balancer {
  readonly url: string
  close(): Promise<void>
}

/** Hands each request to the next web process that takes it; a request whose answer was lost on the way is answered 502, not sent twice. */
export async function startBalancer(webs: () => readonly string[]): Promise<Balancer> {
  let turn = 0

  async function pass(request: IncomingMessage, reply: ServerResponse): Promise<void> {
    const body = await bytes(request)
    const all = webs()
    const web = all[turn++ % all.length]!
    const headers = Object.entries(request.headers).filter(([name]) =>
      /^content-type$|^webhook-|^accept-language$/.test(name),
    )
    const asked = { method: request.method ?? 'GET', headers: headers as [string, string][] }
    try {
      const answer = await fetch(`${web}${request.url}`, body.length > 0 ? { ...asked, body } : asked)
      const type = answer.headers.get('content-type')
      reply.writeHead(answer.status, type === null ? {} : { 'content-type': type })
      reply.end(Buffer.from(await answer.arrayBuffer()))
    } catch {
      // Killed before it could answer.
      if (!reply.headersSent) reply.writeHead(502)
      reply.end()
    }
  }

  const server = createServer((request, reply) => {
    pass(request, reply).catch(() => reply.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function bytes(request: IncomingMessage): Promise<Buffer<ArrayBuffer>> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
