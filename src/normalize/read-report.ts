import { findAbuse } from './abuse.ts'
import { type Kind, readKind } from './kind.ts'
import type { LinearModel } from './linear.ts'
import { readMatter, saysMatter } from './matter.ts'
import { say } from './said.ts'
import { readUrgent } from './urgent.ts'
import { readWhen } from './when.ts'
import { namesIn, type Part, type PlaceData, readWhere, saysPlace } from './where.ts'
import { asksSecrecy, readWho, type Sender, type WhoPart, type WhoRead } from './who.ts'

/** What a submission holds, in texts that `clean` has seen. */
export interface Submission {
  readonly sender: Sender
  readonly title?: string
  readonly content: string
  readonly address?: string
  /** A signature, or a whole talk line by line with who speaks. */
  readonly aside?: string
  /** The aside is a talk: what our side says in it tells as well. */
  readonly talk: boolean
  readonly picked?: string
  readonly point: boolean
  /** Asked for by a mark in the form. */
  readonly secret: boolean
  readonly answers: boolean
  readonly receivedAt: Date
}

/** What is known beside the text itself. */
export interface ReadData {
  readonly places: PlaceData
  readonly matters: LinearModel
  /** Tells what cannot wait. */
  readonly urgency: LinearModel
}

export interface FieldFound {
  readonly value: string | boolean | readonly string[] | null
  readonly confidence: number
  readonly from: string
  readonly start?: number
  readonly end?: number
  readonly candidates?: readonly string[]
  readonly scores?: readonly number[]
  readonly why?: readonly string[]
}

export interface ReportRead {
  readonly who: WhoRead
  readonly fields: Readonly<Record<string, FieldFound>>
}

const MISSABLE = ['name', 'phone', 'place', 'content'] as const

/** What people have to say stands in the first pages; what comes after is kept, and not read for fields. This bounds the time that a text can cost. */
const MOST_READ = 8000

/** Everything that is read from one submission. Pure, and bounded in time. */
export function readReport(submission: Submission, { places, matters, urgency }: ReadData): ReportRead {
  const { sender, title, content, address, aside, talk } = submission
  const text: Part = { from: 'text', said: say(content.slice(0, MOST_READ)) }
  const optional = (from: string, of: string | undefined): Part[] =>
    of === undefined ? [] : [{ from, said: say(of.slice(0, MOST_READ)) }]
  const [titled, addressed, beside] = [
    optional('title', title),
    optional('address', address),
    optional('aside', ownAside(aside, talk)),
  ]
  const all = title === undefined ? text.said : say(`${title}\n${content}`.slice(0, MOST_READ))
  const whoParts: WhoPart[] = [...beside.map((part) => ({ ...part, signed: !talk })), { ...text, signed: !talk }]
  const who = readWho(sender, whoParts)
  const placeParts = [...addressed, text, ...titled, ...(talk ? beside : [])]
  const where = readWhere(placeParts, places)
  const kind = readKind(all, {
    by: sender.name === undefined ? undefined : say(sender.name.slice(0, 200)),
    replying: submission.answers,
  })
  const matter = readMatter(all, matters, { picked: submission.picked, aside: namesIn(all, places) })
  const urgent = readUrgent(all, urgency)
  const abuse = findAbuse(text.said)
  const secrecy = asksSecrecy([text, ...titled, ...beside])
  const when = [text, ...titled]
    .map(({ from, said }) => ({ from, read: readWhen(said, submission.receivedAt) }))
    .find(({ read }) => read !== undefined)
  const hasMatter = saysMatter(all, matter)
  const hasPlace = where !== undefined || submission.point || address !== undefined || saysPlace(placeParts, places)
  const missing = MISSABLE.filter(
    (code) =>
      !{ name: who.name !== undefined, phone: who.phone !== undefined, place: hasPlace, content: hasMatter }[code],
  )
  return {
    who,
    fields: {
      kind: { value: kind.value satisfies Kind, confidence: kind.confidence, from: 'text', why: kind.why },
      ...(matter !== undefined && {
        category: {
          value: hasMatter ? matter.value : null,
          confidence: matter.confidence,
          from: 'text',
          candidates: matter.ranked.map(({ value }) => value),
          scores: matter.ranked.map(({ probability }) => Math.round(probability * 1000) / 1000),
          why: matter.why,
        },
      }),
      ...(where !== undefined && {
        ward: {
          value: where.ward ?? null,
          confidence: where.ward === undefined ? 0 : where.confidence,
          ...{ from: where.from, start: where.start, end: where.end, why: [where.how, ...where.why] },
          candidates: where.candidates,
        },
        district: {
          value: where.district ?? null,
          confidence: where.confidence,
          ...{ from: where.from, start: where.start, end: where.end, why: [where.how, ...where.why] },
        },
      }),
      ...(when?.read !== undefined && {
        occurredAt: {
          value: when.read.value,
          confidence: when.read.confidence,
          ...{ from: when.from, start: when.read.start, end: when.read.end, why: [when.read.precision, when.read.why] },
        },
      }),
      urgent: {
        ...{ value: urgent.value, confidence: urgent.confidence, from: 'text', why: urgent.why },
        ...(urgent.end > urgent.start && placed(urgent, title)),
      },
      abusive: {
        ...{ value: abuse.length > 0, confidence: 0.9, from: 'text' },
        ...(abuse[0] !== undefined && { start: abuse[0].start, end: abuse[0].end }),
      },
      confidential: {
        value: submission.secret || secrecy !== undefined,
        confidence: submission.secret ? 1 : (secrecy?.confidence ?? 0.9),
        from: secrecy?.from ?? (submission.secret ? 'sender' : 'text'),
        ...(secrecy?.start !== undefined && { start: secrecy.start, end: secrecy.end! }),
      },
      missing: { value: missing, confidence: 0.9, from: 'all' },
    },
  }
}

/** Title and text were read as one: which of them a span lies in. */
function placed(
  { start, end }: { readonly start: number; readonly end: number },
  title: string | undefined,
): { readonly from: string; readonly start: number; readonly end: number } {
  const lead = title === undefined ? 0 : title.length + 1
  if (start >= lead) return { from: 'text', start: start - lead, end: end - lead }
  return { from: 'title', start, end: Math.min(end, lead - 1) }
}

/** Of what stands beside, a talk whole; of a mail the signature, not what is quoted. */
function ownAside(aside: string | undefined, talk: boolean): string | undefined {
  if (aside === undefined || talk) return aside
  const own: string[] = []
  for (const line of aside.split('\n')) {
    if (/^\s{0,3}>|^\s*-{3,}|^\s*(?:from|từ|de|on |vào )\b.*(?:wrote|viết|:|<)/iu.test(line)) break
    own.push(line)
  }
  const text = own.join('\n').trim()
  return text === '' ? undefined : text
}
