import { hour } from '../../regulations/support/province.ts'
import { agencyOf, type Cast, caseOf, codeOf } from './cast.ts'
import type { Sees, Words } from './script.ts'

type Values = Readonly<Record<string, string | number>>
export const fill = (sentence: string, values: Values): string =>
  sentence.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name] ?? ''))

/** What is seen, as lines to read; undefined where it is not so. */
export async function look(cast: Cast, words: Words, sees: Sees): Promise<readonly string[] | undefined> {
  if ('told' in sees) return letter(cast, words, sees)
  const seen = await caseOf(cast)
  if ('status' in sees) {
    const { statusText } = await [...cast.citizens.values()][0]!.view()
    return seen.status === sees.status ? [fill(words.status, { status: statusText })] : undefined
  }
  if ('clock' in sees) {
    const agency = sees.of === undefined ? undefined : agencyOf(cast, sees.of)
    const clock = seen.deadlines.findLast(
      ({ step, agencyId }) => step === sees.clock && (agency === undefined || agencyId === agency),
    )
    const due = clock && hour(clock.dueAt)
    return due === sees.due ? [fill(words.clock, { source: clock!.source, due: readable(due) })] : undefined
  }
  if ('queued' in sees) {
    const { code } = cast.citizens.get(sees.queued)!
    const report = seen.reports.find((each) => each.code === code)
    const waits = seen.notices.some(
      ({ reportId, event, channel, state }) =>
        reportId === report?.id &&
        event === sees.event &&
        channel === sees.channel &&
        ['waiting', 'due'].includes(state),
    )
    return waits ? [fill(words.queued, { name: nameOf(cast, sees.queued), channel: sees.channel })] : undefined
  }
  if ('published' in sees) {
    const is = seen.publishedAt !== null
    return is === sees.published ? [words.published[is ? 'true' : 'false']] : undefined
  }
  if ('joined' in sees) {
    const [one, into] = [cast.citizens.get(sees.joined)!, cast.citizens.get(sees.into)!]
    const { joinedTo } = await cast.province.caseOf(one.code)
    return joinedTo === seen.id ? [fill(words.joined, { code: into.code })] : undefined
  }
  return 'got' in sees ? gotIt(cast, words, sees) : noticed(cast, words, sees)
}

/** The first letter of this kind that was not read out yet. */
async function letter(
  cast: Cast,
  words: Words,
  { told: who, event, holds, photo }: Extract<Sees, { told: string }>,
): Promise<readonly string[] | undefined> {
  const { notices } = await cast.citizens.get(who)!.view()
  const from = cast.read.get(who) ?? 0
  const at = notices.findIndex((each, i) => i >= from && each.event === event)
  const notice = notices[at]
  if (notice === undefined || !notice.text.includes(holds ?? '')) return undefined
  if (photo === true && notice.files.length === 0) return undefined
  cast.read.set(who, at + 1)
  const text = fill(words.told, { name: nameOf(cast, who), text: notice.text })
  return photo === true ? [text, fill(words.photo, { count: notice.files.length })] : [text]
}

async function gotIt(
  cast: Cast,
  words: Words,
  { got, kind }: Extract<Sees, { got: string }>,
): Promise<readonly string[] | undefined> {
  const all = await cast.province.office(agencyOf(cast, got)).got(codeOf(cast))
  return all.some((each) => each.kind === kind) ? [fill(words.got, { agency: cast.script.agencies[got]! })] : undefined
}

async function noticed(
  cast: Cast,
  words: Words,
  { noticed: role, of, event, step }: Extract<Sees, { noticed: string }>,
): Promise<readonly string[] | undefined> {
  const officer = cast.province.officer(role, of === undefined ? undefined : agencyOf(cast, of))
  const all = await officer.noticed(codeOf(cast))
  const clock = (await caseOf(cast)).deadlines.find((each) => each.step === step)
  return all.some((each) => each.event === event && each.step === step)
    ? [fill(words.noticed, { role: words.role[role]!, event: words.event[event]!, source: clock?.source ?? '' })]
    : undefined
}

const nameOf = ({ script }: Cast, who: string): string => String(script.citizens[who]!['name'])

/** `17:00 26/11/2026`. */
function readable(due: string): string {
  const [day = '', time = ''] = due.split(' ')
  return `${time} ${day.split('-').reverse().join('/')}`
}
