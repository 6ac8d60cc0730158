import { toEmail } from '../../normalize/email.ts'
import { toE164 } from '../../normalize/phone.ts'
import type { Demands, Envelope, FieldProblem, Form, RemoteFile, Submitted } from '../channel.ts'
import { checkReport, parseForm, ReportForm, submittedOf } from '../report-form.ts'
import { all, attribute, first, otherAttributes, Sent } from './sent.ts'

/** The service of a province whose rules sort nothing into categories. */
const GENERAL = 'general'

/** Attributes that services declare; `fixmystreet_id` is the client's own id of the report. */
const OURS = ['field', 'urgent', 'identity_secret', 'content_secret', 'fixmystreet_id']

/** Many a client sends a dash where a person has one name only. */
const NO_NAME = '-'
const MOST_ASIDE = 10_000

/** Of our fields, those that GeoReport calls otherwise. */
const THEIR_NAMES: Readonly<Record<string, string>> = {
  ...{ lng: 'long', address: 'address_string', category: 'service_code', content: 'description', name: 'first_name' },
  ...{ field: 'attribute[field]', urgent: 'attribute[urgent]' },
  ...{ identitySecret: 'attribute[identity_secret]', contentSecret: 'attribute[content_secret]' },
}

/**
 * POST of a request, or of an update to one (it has an `update_id`). A client passes on what somebody else filled in elsewhere: of what the
 * province demands, it must give what GeoReport lets us demand, the service, the words and the place. Who it was, as far as it knows.
 */
export const form: Form = {
  intake: 'form',
  fields: Sent,
  check: (body, demands) => {
    const sent = Sent.safeParse(body)
    if (!sent.success) return { problems: [{ field: 'description', problem: 'missing' }] }
    const problems: FieldProblem[] = isUpdate(sent.data) ? [] : requestProblems(sent.data, demands)
    const { categories, ...others } = demands
    const forRequest = categories !== undefined && !isUpdate(sent.data) ? { categories } : {}
    const checked = checkReport(ReportForm, reportOf(sent.data), {
      ...{ ...others, ...forRequest, required: ['content'], oneOf: [] },
    })
    const wrong = 'problems' in checked ? checked.problems.map(inTheirWords) : []
    const found = [...problems, ...wrong, ...linkProblems(sent.data)]
    if ('form' in checked && found.length === 0)
      return { submitted: (envelope) => toSubmitted(checked.form, sent.data, envelope) }
    return { problems: found.filter(({ field }, i) => found.findIndex((other) => other.field === field) === i) }
  },
}

/** The same from the envelope's bytes. */
export async function readOpen311(envelope: Envelope): Promise<readonly Submitted[]> {
  const sent = Sent.parse(parseForm(envelope))
  return [toSubmitted(ReportForm.parse(reportOf(sent)), sent, envelope)]
}

const isUpdate = (sent: Sent): boolean => first(sent, 'update_id') !== undefined

function requestProblems(sent: Sent, { categories }: Demands): FieldProblem[] {
  const service = first(sent, 'service_code')
  const known = service === undefined || categories !== undefined || service === GENERAL
  const placed = ['lat', 'long', 'address_string', 'address_id'].some((name) => first(sent, name) !== undefined)
  return [
    ...(service === undefined ? [{ field: 'service_code', problem: 'missing' }] : []),
    ...(known ? [] : [{ field: 'service_code', problem: 'not-a-category' }]),
    ...(placed ? [] : [{ field: 'address_string', problem: 'no-place' }]),
  ]
}

/** A file that a client keeps is fetched over the web; anything else in its place is a mistake of the client's. */
function linkProblems(sent: Sent): FieldProblem[] {
  const wrong = all(sent, 'media_url').some((link) => link.length > 2000 || !isLink(link))
  return wrong ? [{ field: 'media_url', problem: 'not-a-link' }] : []
}

const isLink = (link: string): boolean => URL.canParse(link) && /^https?:$/.test(new URL(link).protocol)

const inTheirWords = (problem: FieldProblem): FieldProblem => ({
  ...problem,
  field: THEIR_NAMES[problem.field] ?? problem.field,
})

/** A number or an address of which nobody can be reached is no reason to refuse a report: it stands aside. */
function reportOf(sent: Sent): Readonly<Record<string, unknown>> {
  const service = first(sent, 'service_code')
  const phone = first(sent, 'phone')
  const email = first(sent, 'email')
  return {
    name: namesIn(sent).join(' '),
    phone: phone !== undefined && toE164(phone) !== undefined ? phone : undefined,
    email: email !== undefined && toEmail(email) !== undefined ? email : undefined,
    address: first(sent, 'address_string') ?? first(sent, 'address_id'),
    lat: first(sent, 'lat'),
    lng: first(sent, 'long'),
    category: service === GENERAL || isUpdate(sent) ? undefined : service,
    field: attribute(sent, 'field'),
    urgent: attribute(sent, 'urgent'),
    content: first(sent, 'description'),
    identitySecret: attribute(sent, 'identity_secret'),
    contentSecret: attribute(sent, 'content_secret'),
  }
}

const namesIn = (sent: Sent): string[] =>
  ['first_name', 'last_name'].flatMap((name) => first(sent, name) ?? []).filter((name) => name !== NO_NAME)

function toSubmitted(report: ReportForm, sent: Sent, envelope: Pick<Envelope, 'event' | 'files'>): Submitted {
  const said = submittedOf(report, envelope)
  const account = first(sent, 'account_id')
  const remote = all(sent, 'media_url').map((ref, i): RemoteFile => ({ ref, name: `media-${i + 1}` }))
  const aside = asideOf(sent, report)
  return {
    ...said,
    keys: keysOf(sent, envelope.event),
    sender: { ...said.sender, ...(account !== undefined && { provider: account.slice(0, 200) }) },
    ...(aside !== '' && { aside }),
    ...(remote.length > 0 && { remote }),
  }
}

/** What the client calls it by, whatever else came with the call: sent again for want of an answer, it is the same. */
function keysOf(sent: Sent, event: string): string[] {
  const update = first(sent, 'update_id')
  if (update !== undefined) return [`update:${update}`]
  const own = attribute(sent, 'fixmystreet_id')
  if (own === undefined) return [event]
  return event.startsWith('key:') ? [event, `own:${own}`] : [`own:${own}`]
}

function asideOf(sent: Sent, { phone, email }: ReportForm): string {
  const lost = (name: string, kept: string | undefined) =>
    kept === undefined && first(sent, name) !== undefined ? [`${name}: ${first(sent, name)}`] : []
  const status = isUpdate(sent) ? first(sent, 'status') : undefined
  return [
    ...lost('phone', phone),
    ...lost('email', email),
    ...(status === undefined ? [] : [`status: ${status}`]),
    ...otherAttributes(sent, OURS),
  ]
    .join('\n')
    .slice(0, MOST_ASIDE)
}
