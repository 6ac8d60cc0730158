import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance, FastifyReply } from 'fastify'

/** As nginx does it (lingering_time). */
const LINGER_MS = 30_000

/**
 * A refusal may go out while the client still sends. A connection that is closed over unread bytes is reset and takes the answer with it
 * (RFC 9112 §9.6), so what still comes is read and forgotten for a while.
 */
export function linger(app: FastifyInstance): void {
  const lingering = new Set<Socket>()
  // By callback, since it stands in the way of every answer: nearly all have nothing to wait for, and need no promise to find that out.
  app.addHook('onSend', ({ raw }, reply, _payload, done) => {
    if (!raw.complete) readOn(raw, reply)
    done()
  })
  function readOn(raw: IncomingMessage, reply: FastifyReply): void {
    const { socket } = raw
    raw.unpipe()
    raw.resume()
    reply.removeHeader('connection')
    lingering.add(socket)
    const timer = setTimeout(() => socket.destroySoon(), LINGER_MS)
    raw.once('close', () => {
      clearTimeout(timer)
      lingering.delete(socket)
    })
  }
  app.addHook('preClose', async () => {
    for (const socket of lingering) socket.destroySoon()
  })
}
