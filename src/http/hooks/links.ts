import type { FastifyInstance } from 'fastify'
import type { AnyConnector } from '../../connectors/connector.ts'
import type { Ports } from '../../core/act.ts'
import { openLink } from '../../core/delivery/link.ts'
import { takeUpdates } from '../../core/delivery/take-updates.ts'
import { isFault } from '../../core/fault.ts'
import { findLink } from '../../core/settings/list.ts'
import { problemOfFault, type Say } from '../problems.ts'
import { headersOf } from './headers.ts'

/** What an office may send at once. */
const MAX_BODY = 1024 * 1024

/** Updates that offices push to us; a link's own signature is verified over the raw bytes before anything is read. */
export function serveLinkHooks(app: FastifyInstance, ports: Ports, say: Say): void {
  app.post<{ Params: { link: string } }>(
    '/hooks/links/:link',
    { bodyLimit: MAX_BODY, schema: { hide: true } as object },
    async (request, reply) => {
      const { link: id } = request.params
      // What no link can be called, such as a NUL, the database need not be asked for.
      const link = /^[\w.-]{1,80}$/.test(id) ? await findLink(ports, id) : undefined
      const connector: AnyConnector | undefined = link && ports.connectors.get(link.kind)
      const webhook = connector?.updates.find((u) => u.update === 'webhook')
      if (link === undefined || connector === undefined || webhook === undefined)
        return say(request, reply, 'no-such', { values: { what: 'link' } })
      if (!Buffer.isBuffer(request.body)) return say(request, reply, 'unreadable')
      const raw = request.body
      const { settings, at } = openLink(ports, connector, link, () => undefined)
      const refused = webhook.verify(headersOf(request.headers), raw, settings, at)
      if (refused !== undefined) {
        ports.log.warn({ link: link.id, why: refused.message }, 'hook.refused')
        return say(request, reply, 'bad-signature')
      }
      const updates = webhook.read(raw)
      if (isFault(updates)) {
        const { name, more } = problemOfFault(updates)
        return say(request, reply, name, more)
      }
      const outcomes = await takeUpdates(ports, link.id, updates)
      return reply.code(200).send({ outcomes })
    },
  )
}
