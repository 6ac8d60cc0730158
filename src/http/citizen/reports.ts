import type { FastifyReply, FastifyRequest } from 'fastify'
import { v4 as uuid } from 'uuid'
import type { Demands, Form } from '../../channels/channel.ts'
import type { Ports } from '../../core/act.ts'
import type { Accept } from '../../core/intake/accept.ts'
import { NotTaken } from '../../core/intake/group-commit.ts'
import { markUsed } from '../../core/intake/large-files.ts'
import type { SourceStore } from '../../core/intake/source-store.ts'
import { markOf } from '../../core/notices/token.ts'
import { openReport } from '../../core/notices/view.ts'
import { viewLink } from '../../core/notices/view-link.ts'
import { LANGUAGES, type Language, languageOf, type Translate } from '../../platform/locales/locales.ts'
import { addToReport, createReport } from '../contract/reports.ts'
import { idempotencyKey, sayProblems } from '../forms.ts'
import type { Say } from '../problems.ts'
import { type Serving, schemaOf } from '../serve.ts'
import { readForm } from './read-form.ts'
import { refuseSlowly } from './refuse-slowly.ts'
import { takeUploads } from './take-uploads.ts'

export interface Intake {
  readonly ports: Ports
  readonly accept: Accept
  readonly sources: SourceStore
  readonly translate: Translate
}

/** What creating a report needs beside the intake. */
interface Creating extends Intake {
  readonly say: Say
  /** The sentence that tells of the code, with `CODE` in its place. */
  readonly acceptedIn: Readonly<Record<Language, string>>
  /** A mark of ours that proves what it follows; then who they are is known already. */
  readonly follows?: string
}

/** What an addition must hold. */
const ADDITION: Demands = { required: ['content'], oneOf: [], urgent: [] }

/** Stands for the code in a sentence that is looked up once for each language: i18next takes 7 µs for it, filling it in takes none. */
const CODE = '\u0000'

export function serveReports({ app, say }: Serving, intake: Intake): void {
  const acceptedIn = Object.fromEntries(
    LANGUAGES.map((language) => [language, intake.translate(language, 'portal:accepted', { code: CODE })]),
  ) as Record<Language, string>
  app.route({
    method: createReport.method,
    url: createReport.url,
    schema: schemaOf(createReport),
    handler: (request, reply) => create(request, reply, { ...intake, say, acceptedIn }),
  })
  app.route({
    method: addToReport.method,
    url: addToReport.url,
    schema: schemaOf(addToReport),
    handler: (request, reply) => add(request, reply, { ...intake, say, acceptedIn }),
  })
}

/** What is added is a report of its own, which goes to the case of the one that it follows; who sends it has opened that one's view. */
async function add(request: FastifyRequest, reply: FastifyReply, by: Creating): Promise<FastifyReply> {
  const started = performance.now()
  const { code } = request.params as { code: string }
  const { phone, key } = request.query as { phone?: string; key?: string }
  const reportId = await openReport(by.ports, { code, lastFour: phone?.trim(), key })
  const mark = reportId && (await markOf(by.ports, reportId))
  if (mark === undefined) return by.say(request, reply, (await refuseSlowly(started)).problem)
  return create(request, reply, { ...by, follows: mark })
}

async function create(request: FastifyRequest, reply: FastifyReply, by: Creating): Promise<FastifyReply> {
  const { ports, accept, sources, say } = by
  const answering = { say, translate: by.translate, request, reply }
  const source = await sources.form('portal')
  const channel = ports.channels.get(source.channel)!
  const key = ports.secrets.newDataKey()
  const read = await readForm(request, ports.files, key.dataKey)
  if ('refused' in read)
    return 'problems' in read ? sayProblems(answering, read.refused, read.problems) : say(request, reply, read.refused)
  const form = channel.intakes.find((intake): intake is Form => intake.intake === 'form')!
  const checked = form.check(read.form, by.follows === undefined ? source.demands : ADDITION)
  const wrong = 'problems' in checked ? checked.problems : []
  const alsoWrong = read.problems.filter(({ field }) => wrong.every((other) => other.field !== field))
  if ('problems' in checked || alsoWrong.length > 0) return sayProblems(answering, 'invalid', [...wrong, ...alsoWrong])

  const uploads = checked.uploads ?? []
  const event = idempotencyKey(request) ?? checked.event ?? uuid()
  const brought = await takeUploads(ports, uploads, { key: key.dataKey, sourceId: source.id, event })
  if ('problems' in brought) return sayProblems(answering, 'invalid', brought.problems)
  const envelope = { event, contentType: read.contentType, body: read.body, files: [...read.files, ...brought.files] }
  const said = checked.submitted(envelope)
  const item = by.follows === undefined ? said : { ...said, answers: { tokens: [by.follows], codes: [] } }
  try {
    const taken = await accept({ source, envelope, item, key, receivedAt: ports.clock.now(), from: request.ip })
    if (taken.accepted === 'other-content') return say(request, reply, 'other-content')
    await markUsed(ports, taken.submissionId, brought.large)
    return reply.code(201).send({
      code: taken.code,
      status: 'received',
      link: viewLink(ports, taken.code),
      message: by.acceptedIn[languageOf(request.headers['accept-language'])].replace(CODE, taken.code),
    })
  } catch (error) {
    if (error instanceof NotTaken) return say(request, reply, 'away')
    throw error
  }
}
