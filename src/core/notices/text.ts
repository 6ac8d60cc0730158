import { eq } from 'drizzle-orm'
import type { OutgoingNotice } from '../../channels/channel.ts'
import { LANGUAGES, type Language, type Translate } from '../../platform/locales/locales.ts'
import type { Ports } from '../act.ts'
import { digitsOf } from '../contacts/code.ts'
import { noticeForm } from '../profile/notice-form.ts'
import { versionOn } from '../profile/profile.ts'
import { type reports, sources } from '../tables/index.ts'
import type { Notice } from './token.ts'
import { viewLink } from './view-link.ts'

/** What a notice says, as one sentence of `notice.json`. */
export function sentenceOf(translate: Translate, language: Language, notice: Pick<Notice, 'event' | 'values'>): string {
  return translate(language, `notice:${notice.event}`, written(translate, language, notice.values))
}

/** A notice as a letter, Vietnamese first; where the profile has a text of its own for the event, that one. And in one sentence, for ways that count letters. */
export async function textOf(
  ports: Ports,
  notice: Notice,
  report: typeof reports.$inferSelect,
): Promise<Pick<OutgoingNotice, 'subject' | 'text' | 'sentence' | 'short' | 'publicly'>> {
  const { translate } = ports
  const [source] = await ports.db
    .select({ profile: sources.profile })
    .from(sources)
    .where(eq(sources.id, report.sourceId))
  const { profile } = await ports.profiles.get(source!.profile)
  const own = noticeForm(versionOn(profile, report.receivedAt).notices, notice.event, notice.channel)?.text
  const common = {
    // Computed for this notice alone, and kept nowhere.
    ...(notice.event === 'verify' && { digits: digitsOf(ports.secrets, notice.about) }),
    code: report.code,
    title: report.title,
    province: profile.name,
    link: viewLink(ports, report.code),
  }
  const letters = LANGUAGES.map((language) => {
    const values = { ...written(translate, language, notice.values), ...common }
    // What has no key is its own sentence, filled in the same way.
    const body = own && translate(language, 'letter:body.of-the-profile', { ...values, defaultValue: own[language] })
    return [
      translate(language, 'letter:greeting'),
      body ?? translate(language, `letter:body.${notice.event}`, values),
      translate(language, 'letter:follow', values),
      translate(language, 'letter:end', values),
    ].join('\n\n')
  })
  const sentence = sentenceOf(translate, 'vi', notice)
  return {
    sentence,
    subject: translate('vi', `letter:subject.${notice.event}`, { code: report.code }),
    text: `${letters.join('\n\n————————————————————\n\n')}\n`,
    short: translate('vi', notice.event === 'verify' ? 'letter:short-verify' : 'letter:short', {
      ...common,
      sentence,
    }),
    publicly: translate('vi', 'letter:publicly', { code: report.code }),
  }
}

/** Days are kept as YYYY-MM-DD, what is asked for by the rules as its names (`ASKABLE`); both are written as people write them. */
function written(
  translate: Translate,
  language: Language,
  { missing, ...values }: Readonly<Record<string, string>>,
): Record<string, string> {
  const asked = missing === undefined ? {} : { question: questionFor(translate, language, missing.split(' ')) }
  return { ...dated(values, language), ...asked }
}

function questionFor(translate: Translate, language: Language, missing: readonly string[]): string {
  return `${missing.map((what) => translate(language, `asking:missing.${what}`)).join('; ')}.`
}

function dated(values: Readonly<Record<string, string>>, language: Language): Record<string, string> {
  const format = new Intl.DateTimeFormat(language === 'vi' ? 'vi-VN' : 'en-GB', {
    timeZone: 'UTC',
    day: '2-digit',
    month: '2-digit',
    year: 'numeric',
  })
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      /^\d{4}-\d{2}-\d{2}$/.test(value) ? format.format(new Date(`${value}T00:00:00Z`)) : value,
    ]),
  )
}
