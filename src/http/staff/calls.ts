import type { FastifyReply, FastifyRequest } from 'fastify'
import { v4 as uuid } from 'uuid'
import type { Form } from '../../channels/channel.ts'
import { callSource } from '../../core/calls/call-source.ts'
import { logCall } from '../../core/calls/log-call.ts'
import { languageOf } from '../../platform/locales/locales.ts'
import type { Intake } from '../citizen/intake.ts'
import { readForm } from '../citizen/read-form.ts'
import * as contract from '../contract/calls.ts'
import { idempotencyKey, sayProblems } from '../forms.ts'
import { type Serving, schemaOf } from '../serve.ts'
import { signedInOf } from './guard.ts'

/** What an officer writes down while somebody speaks: the form of the hotline that was called, as the officer's own. */
export function serveCalls({ app, say, guard }: Serving, intake: Intake): void {
  const { ports, accept, translate } = intake
  async function log(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { officer } = signedInOf(request)
    // A caller sends no files.
    if (request.isMultipart()) return say(request, reply, 'unsupported-type')
    const key = ports.secrets.newDataKey()
    const read = await readForm(request, ports.files, key.dataKey)
    if ('refused' in read) return say(request, reply, read.refused)
    const named = contract.CallLogged.safeParse(read.form)
    const source = named.success ? await callSource(ports, { id: named.data.source, channel: 'hotline' }) : undefined
    if (source === undefined) return say(request, reply, 'no-such', { values: { what: 'source' } })
    const form = ports.channels.get(source.channel)!.intakes.find((one): one is Form => one.intake === 'form')!
    const checked = form.check(read.form, source.demands)
    if ('problems' in checked) return sayProblems({ say, translate, request, reply }, 'invalid', checked.problems)

    // As the channel names what comes by its form. Two officers' keys never meet.
    const event = `form:${officer.actor}:${idempotencyKey(request) ?? uuid()}`
    const envelope = { event, contentType: read.contentType, body: read.body, files: [] }
    const arrival = { source, envelope, item: checked.submitted(envelope), key, receivedAt: ports.clock.now() }
    const taken = await logCall(ports, accept, officer, arrival)
    if (taken.accepted === 'other-content') return say(request, reply, 'other-content')
    const message = translate(languageOf(request.headers['accept-language']), 'portal:accepted', { code: taken.code })
    return reply.code(201).send({ code: taken.code, status: 'received', message })
  }
  const { logCall: route } = contract
  app.route({
    method: route.method,
    url: route.url,
    schema: schemaOf(route),
    onRequest: guard(route.may),
    handler: log,
  })
}
