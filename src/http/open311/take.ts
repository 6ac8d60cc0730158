import { createHash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { v4 as uuid } from 'uuid'
import type { FieldProblem, Form, Submitted } from '../../channels/channel.ts'
import { ownMark } from '../../core/clients/own-report.ts'
import { NotTaken } from '../../core/intake/group-commit.ts'
import { parseCode } from '../../normalize/code.ts'
import { languageOf } from '../../platform/locales/locales.ts'
import type { Intake } from '../citizen/intake.ts'
import { idempotencyKey } from '../forms.ts'
import type { Document } from './answer.ts'
import { type Asking, clientOf, one, say } from './client.ts'
import { readSent, type SentForm } from './read-sent.ts'
import { timeOf } from './times.ts'
import { Wrong, type WrongThing } from './wrong.ts'

/** Who it is, and to whom: no part of what was said, and a key is kept nowhere but in the settings. */
const ENVELOPE_ONLY = ['api_key', 'jurisdiction_id']

/** A report for somebody. */
export async function takeRequest(on: Intake, request: FastifyRequest): Promise<Document> {
  const sent = await open(on, request)
  const { asking } = sent
  // Of updates alone.
  const checked = check(on, sent, { without: ['update_id', 'service_request_id'] })
  const taken = await accept(on, sent, checked)
  const id = taken.accepted === 'other-content' ? await again(on, sent, { ...checked, first: taken.code }) : taken.code
  return {
    root: 'service_requests',
    holds: [
      {
        service_request_id: id,
        service_notice: on.translate(asking.language, 'portal:accepted', { code: id }),
        account_id: one(sent.params, 'account_id') ?? null,
      },
    ],
  }
}

const NEEDED = ['service_request_id', 'update_id', 'status', 'updated_datetime', 'description']

/** What somebody says about a report that the client sent: it becomes an addition to it, as if its reporter had written to us. */
export async function takeUpdate(on: Intake, request: FastifyRequest): Promise<Document> {
  const sent = await open(on, request)
  const { asking, params } = sent
  const { language } = asking
  const missing = NEEDED.filter((name) => one(params, name) === undefined)
  const at = one(params, 'updated_datetime')
  const wrong = [
    ...missing.map((field) => ({ field, problem: 'missing' })),
    ...(at !== undefined && timeOf(at, 'start') === undefined
      ? [{ field: 'updated_datetime', problem: 'not-a-time' }]
      : []),
  ]
  if (wrong.length > 0) throw new Wrong(400, ...wrongThings(on, language, wrong))
  const code = parseCode(one(params, 'service_request_id')!)
  const mark = code && (await ownMark(on.ports, asking.client.id, code))
  if (!mark) throw new Wrong(404, say(on, language, 'no-request'))
  if (mark === 'unread') throw new Wrong(503, say(on, language, 'later'))
  const checked = check(on, sent, { answers: { tokens: [mark], codes: [] } })
  const taken = await accept(on, sent, checked)
  if (taken.accepted === 'other-content') throw new Wrong(400, say(on, language, 'other-content'))
  return { root: 'service_request_updates', holds: [{ update_id: taken.code }] }
}

interface Opened extends SentForm {
  readonly asking: Asking
  readonly request: FastifyRequest
  readonly key: ReturnType<Intake['ports']['secrets']['newDataKey']>
}

async function open(on: Intake, request: FastifyRequest): Promise<Opened> {
  const { ports } = on
  const key = ports.secrets.newDataKey()
  const sent = await readSent(request, ports.files, key.dataKey)
  if (typeof sent === 'string') throw new Wrong(400, say(on, languageOf(request.headers['accept-language']), sent))
  const asking = await clientOf(on, request, sent.params, 'key')
  return { ...sent, asking, request, key }
}

interface Checked {
  readonly item: Submitted
  readonly envelope: Parameters<Intake['accept']>[0]['envelope']
}

/** All that is wrong with it at once; else what becomes of it. */
function check(
  on: Intake,
  { asking, params, files, problems, request }: Opened,
  { without = [], answers }: { readonly without?: readonly string[]; readonly answers?: Submitted['answers'] },
): Checked {
  const { client, language } = asking
  const left = new Set([...ENVELOPE_ONLY, ...without])
  const fields = Object.fromEntries([...params].filter(([name]) => !left.has(name)))
  const channel = on.ports.channels.get(client.channel)!
  const form = channel.intakes.find((intake): intake is Form => intake.intake === 'form')!
  const checked = form.check(fields, demandsOn(asking))
  const wrong = [...('problems' in checked ? checked.problems : []), ...problems]
  if ('problems' in checked || wrong.length > 0) throw new Wrong(400, ...wrongThings(on, language, wrong))
  const body = Buffer.from(JSON.stringify(fields))
  const envelope = {
    ...{ event: idempotencyKey(request) ?? uuid(), body, files },
    contentType: request.isMultipart() ? 'multipart/form-data' : 'application/x-www-form-urlencoded',
  }
  const said = checked.submitted(envelope)
  return { envelope, item: answers === undefined ? said : { ...said, answers } }
}

/** Of the province's categories, those that this client is offered. */
function demandsOn({ client: { demands, set } }: Asking): Asking['client']['demands'] {
  const { categories } = demands
  if (categories === undefined) return demands
  return { ...demands, categories: new Map([...categories].filter(([id]) => !set.hideCategories.includes(id))) }
}

async function accept(on: Intake, { asking, key }: Opened, { item, envelope }: Checked) {
  try {
    return await on.accept({ source: asking.client, envelope, item, key, receivedAt: on.ports.clock.now() })
  } catch (error) {
    if (error instanceof NotTaken) throw new Wrong(503, say(on, asking.language, 'later'))
    throw error
  }
}

/**
 * Sent again with other words, as when the answer was lost and somebody mended the text meanwhile. FixMyStreet would send it for ever were it
 * refused, so it goes on as an addition to the first, whose id it gets. Under a key of the caller's own choice it is a mistake.
 */
async function again(
  on: Intake,
  sent: Opened,
  { item, envelope, first }: Checked & { readonly first: string },
): Promise<string> {
  const { asking } = sent
  if (item.keys.includes(envelope.event)) throw new Wrong(400, say(on, asking.language, 'other-content'))
  const mark = await ownMark(on.ports, asking.client.id, first)
  // Erased meanwhile: what is gone is not to come back by this.
  if (mark === undefined) return first
  if (mark === 'unread') throw new Wrong(503, say(on, asking.language, 'later'))
  const print = createHash('sha256').update(envelope.body).digest('base64url')
  const addition = { ...item, keys: item.keys.map((key) => `${key}:${print}`), answers: { tokens: [mark], codes: [] } }
  await accept(on, sent, { envelope, item: addition })
  return first
}

function wrongThings(on: Intake, language: Asking['language'], problems: readonly FieldProblem[]): WrongThing[] {
  return problems.map(({ field, problem, values }) => ({
    description: `${field}: ${on.translate(language, `portal:${problem}`, values)}`,
  }))
}
