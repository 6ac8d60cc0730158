import type { FastifyReply, FastifyRequest } from 'fastify'
import { v4 as uuid } from 'uuid'
import type { FieldProblem, Form, Submitted } from '../../channels/channel.ts'
import type { Ports } from '../../core/act.ts'
import type { Accept } from '../../core/intake/accept.ts'
import { NotTaken } from '../../core/intake/group-commit.ts'
import type { SourceStore } from '../../core/intake/source-store.ts'
import { languageOf, type Translate } from '../../platform/locales/locales.ts'
import { createReport } from '../contract/reports.ts'
import type { Say } from '../problems.ts'
import { type Serving, schemaOf } from '../serve.ts'
import { readForm } from './read-form.ts'

export interface Intake {
  readonly ports: Ports
  readonly accept: Accept
  readonly sources: SourceStore
  readonly translate: Translate
}

export function serveReports({ app, say }: Serving, intake: Intake): void {
  app.route({
    method: createReport.method,
    url: createReport.url,
    schema: schemaOf(createReport),
    handler: (request, reply) => create(request, reply, { ...intake, say }),
  })
}

async function create(
  request: FastifyRequest,
  reply: FastifyReply,
  by: Intake & { readonly say: Say },
): Promise<FastifyReply> {
  const { ports, accept, sources, say } = by
  const sayProblems = (name: 'invalid' | 'too-large', problems: readonly FieldProblem[]) => {
    const errors = problems.map((p) => ({ field: p.field, message: sentence(by.translate, request, p) }))
    return say(request, reply, name, errors.length === 0 ? {} : { errors })
  }

  const source = await sources.form('portal')
  const channel = ports.channels.get(source.channel)!
  const key = ports.secrets.newDataKey()
  const read = await readForm(request, ports.files, key.dataKey)
  if ('refused' in read)
    return 'problems' in read ? sayProblems(read.refused, read.problems) : say(request, reply, read.refused)
  const form = channel.intakes.find((intake): intake is Form => intake.intake === 'form')!
  const wrong = form.check(read.form, source.required)
  const alsoWrong = read.problems.filter(({ field }) => wrong.every((other) => other.field !== field))
  if (wrong.length + alsoWrong.length > 0) return sayProblems('invalid', [...wrong, ...alsoWrong])

  const event = idempotencyKey(request) ?? uuid()
  const envelope = { event, contentType: read.contentType, body: read.body, files: read.files }
  const [item] = (await channel.read(envelope, source.settings)) as readonly [Submitted]
  try {
    const taken = await accept({ source, envelope, item, key, receivedAt: ports.clock.now() })
    if (taken.accepted === 'other-content') return say(request, reply, 'other-content')
    return reply.code(201).send({
      code: taken.code,
      status: 'received',
      link: viewLink(ports, taken.code),
      message: by.translate(languageOf(request.headers['accept-language']), 'portal:accepted', { code: taken.code }),
    })
  } catch (error) {
    if (error instanceof NotTaken) return say(request, reply, 'away')
    throw error
  }
}

/** Of the client's own making (draft-ietf-httpapi-idempotency-key-header), taken whole: its length is bounded by that of all headers, 16 kB. */
function idempotencyKey(request: FastifyRequest): string | undefined {
  const key = request.headers['idempotency-key']
  return typeof key === 'string' && key !== '' ? `key:${key}` : undefined
}

/** The reporter's view without a phone number: whoever has the link may read it. */
function viewLink(ports: Pick<Ports, 'publicUrl' | 'secrets'>, code: string): string {
  return `${ports.publicUrl}/api/v1/reports/${code}?key=${ports.secrets.token('view', code)}`
}

function sentence(translate: Translate, request: FastifyRequest, { problem, values }: FieldProblem): string {
  return translate(languageOf(request.headers['accept-language']), `portal:${problem}`, values)
}
