import type { FastifyReply, FastifyRequest } from 'fastify'
import { v4 as uuid } from 'uuid'
import type { Demands, FieldProblem, Form, Submitted } from '../../channels/channel.ts'
import type { KeyedClient } from '../../core/clients/client-token.ts'
import { userOf } from '../../core/clients/own-report.ts'
import type { FormSource } from '../../core/intake/form-source.ts'
import { NotTaken } from '../../core/intake/group-commit.ts'
import { markUsed } from '../../core/intake/large-files.ts'
import { markOf } from '../../core/notices/token.ts'
import { openReport } from '../../core/notices/view.ts'
import { viewLink } from '../../core/notices/view-link.ts'
import { LANGUAGES, type Language, languageOf } from '../../platform/locales/locales.ts'
import { addToReport, createReport } from '../contract/reports.ts'
import { idempotencyKey, sayProblems } from '../forms.ts'
import type { Say } from '../problems.ts'
import { type Serving, schemaOf } from '../serve.ts'
import { appOf, openingOf } from './client.ts'
import type { Intake } from './intake.ts'
import { readForm } from './read-form.ts'
import { refuseSlowly } from './refuse-slowly.ts'
import { takeUploads } from './take-uploads.ts'

/** What creating a report needs beside the intake. */
interface Creating extends Intake {
  readonly say: Say
  /** The sentence that tells of the code, with `CODE` in its place. */
  readonly acceptedIn: Readonly<Record<Language, string>>
  /** The app that sends it for one of its users. */
  readonly client?: KeyedClient
  /** What it follows; then who they are is known already. */
  readonly follows?: {
    /** A mark of ours that proves it. */
    readonly mark: string
    /** Of the app's user whose report it is. */
    readonly userId: string | undefined
  }
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
    handler: async (request, reply) => {
      const client = await appOf(intake, request, reply)
      if (client !== undefined && 'problem' in client) return say(request, reply, client.problem)
      return create(request, reply, { ...intake, say, acceptedIn, ...(client !== undefined && { client }) })
    },
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
  const { params, query } = request as { params: { code: string }; query: { phone?: string; key?: string } }
  const opening = await openingOf(by, { params, query, request, reply })
  if ('problem' in opening) return by.say(request, reply, opening.problem)
  const reportId = await openReport(by.ports, opening)
  const mark = reportId && (await markOf(by.ports, reportId))
  if (mark === undefined) return by.say(request, reply, (await refuseSlowly(started)).problem)
  const { app: client } = opening
  const userId = client === undefined ? undefined : await userOf(by.ports, reportId!)
  return create(request, reply, { ...by, ...(client !== undefined && { client }), follows: { mark, userId } })
}

async function create(request: FastifyRequest, reply: FastifyReply, by: Creating): Promise<FastifyReply> {
  const { ports, accept, sources, say } = by
  const answering = { say, translate: by.translate, request, reply }
  const source = by.client ?? (await sources.form('portal'))
  const channel = ports.channels.get(source.channel)!
  const key = ports.secrets.newDataKey()
  const read = await readForm(request, ports.files, key.dataKey)
  if ('refused' in read)
    return 'problems' in read ? sayProblems(answering, read.refused, read.problems) : say(request, reply, read.refused)
  const form = channel.intakes.find((intake): intake is Form => intake.intake === 'form')!
  const checked = form.check(read.form, demandsOn(by, source))
  const wrong = [...('problems' in checked ? checked.problems : []), ...strangersId(by, read.form)]
  const alsoWrong = read.problems.filter(({ field }) => wrong.every((other) => other.field !== field))
  if ('problems' in checked || wrong.length + alsoWrong.length > 0)
    return sayProblems(answering, 'invalid', [...wrong, ...alsoWrong])

  const uploads = checked.uploads ?? []
  const event = idempotencyKey(request) ?? checked.event ?? uuid()
  const brought = await takeUploads(ports, uploads, { key: key.dataKey, sourceId: source.id, event })
  if ('problems' in brought) return sayProblems(answering, 'invalid', brought.problems)
  const envelope = { event, contentType: read.contentType, body: read.body, files: [...read.files, ...brought.files] }
  const item = following(checked.submitted(envelope), by)
  if (item === undefined) return say(request, reply, 'not-found')
  try {
    const arrival = { source, envelope, item, key, receivedAt: ports.clock.now() }
    // All that an app sends comes from one address, which is nobody's.
    const taken = await accept({ ...arrival, ...(by.client === undefined && { from: request.ip }) })
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

/** An app says of whom a report is: by that it is followed, and counted where there is no number. */
function demandsOn({ client, follows }: Creating, { demands }: FormSource): Demands {
  if (follows !== undefined) return ADDITION
  return client === undefined ? demands : { ...demands, required: [...demands.required, 'userId'] }
}

/** Whoever names a user without being an app has forgotten its token: nobody would find that report again. */
function strangersId({ client }: Creating, form: unknown): FieldProblem[] {
  const named = client === undefined && typeof form === 'object' && form !== null && 'userId' in form
  return named ? [{ field: 'userId', problem: 'not-an-app' }] : []
}

/** With what proves which report it follows, and whose; undefined where the app names another user than that one's. */
function following(said: Submitted, { follows }: Creating): Submitted | undefined {
  if (follows === undefined) return said
  const { mark, userId } = follows
  const named = said.sender.provider
  if (named !== undefined && named !== userId) return undefined
  const sender = { ...said.sender, ...(userId !== undefined && { provider: userId }) }
  return { ...said, sender, answers: { tokens: [mark], codes: [] } }
}
