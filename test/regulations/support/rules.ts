import type { Mark } from '../../../src/core/deadlines/rule.ts'
import { checkVersion } from '../../../src/core/profile/check.ts'
import { type Profile, ProfileVersion } from '../../../src/core/profile/profile.ts'

type Version = ProfileVersion

/** One rule of a profile, and the profile without it. */
export interface Rule {
  /** Path in a version: `secrecy.identity`, `steps.handle`, `steps.handle.marks.2`. */
  readonly name: string
  readonly without: (version: Version) => Version
}

const A_LONG_TIME = 60 * 24 * 365
const NOBODY = 'nobody'

/** Sections with the rule in them turned off, or into what a province without it would have. */
const SECTIONS: readonly Rule[] = [
  ...(['name', 'phone', 'content'] as const).map((field) => ({
    name: `report.required.${field}`,
    without: (v: Version) => ({
      ...v,
      report: { ...v.report, required: v.report.required.filter((one) => one !== field) },
    }),
  })),
  rule('report.insufficient', (v) => ({
    ...v,
    report: { ...v.report, insufficient: { ...v.report.insufficient, guidance: { vi: 'Không.', en: 'No.' } } },
  })),
  rule('report.insufficient.do', (v) => ({
    ...v,
    report: { ...v.report, insufficient: { ...v.report.insufficient, do: 'refuse' } },
  })),
  rule('report.insufficient.holds', (v) => ({
    ...v,
    report: { ...v.report, insufficient: { ...v.report.insufficient, holds: [] } },
  })),
  // For whoever asks back.
  rule('report.insufficient.waitDays', (v) =>
    v.report.insufficient.do === 'ask-back'
      ? { ...v, report: { ...v.report, insufficient: { ...v.report.insufficient, waitDays: A_LONG_TIME } } }
      : v,
  ),
  rule('report.elsewhere', (v) =>
    v.report.insufficient.do === 'ask-back' ? { ...v, report: { ...v.report, elsewhere: ['email'] } } : v,
  ),
  rule('report.silence', (v) => ({ ...v, report: { ...v.report, silence: {} } })),
  rule('routing.unknown', ({ routing, ...v }) => ({
    ...v,
    routing: {
      ...routing,
      unknown: { ...routing.unknown, ask: routing.unknown.ask === 'place' ? 'nothing' : 'place' },
    },
  })),
  rule('report.refuse.by', (v) => ({ ...v, report: { ...v.report, refuse: { ...v.report.refuse, by: ['intake'] } } })),
  rule('report.refuse.grounds', (v) => ({
    ...v,
    hiding: undefined,
    report: { ...v.report, refuse: { ...v.report.refuse, grounds: [{ ...v.report.refuse.grounds[0]!, id: NOBODY }] } },
  })),
  rule('scope.excluded', (v) => ({ ...v, scope: { ...v.scope, excluded: [] } })),
  rule('secrecy.identity.rule', (v) => ({
    ...v,
    secrecy: { ...v.secrecy, identity: { ...v.secrecy.identity, rule: 'on-request' } },
  })),
  rule('secrecy.content.rule', (v) => ({
    ...v,
    secrecy: { ...v.secrecy, content: { ...v.secrecy.content, rule: 'never' } },
  })),
  rule('routing.by', ({ routing, ...v }) =>
    routing.by === 'place'
      ? {
          ...v,
          categories: [
            {
              source: '-',
              id: NOBODY,
              name: { vi: '-', en: '-' },
              group: 'matter',
              complex: false,
              fields: [],
              matters: [],
            },
          ],
          routing: {
            ...routing,
            by: 'field',
            table: [{ categories: [NOBODY], to: 'place', dispatched: 'automatically', source: '-' }],
          },
        }
      : { ...v, routing: { ...routing, by: 'place', level: 'commune', table: [] } },
  ),
  rule('routing.dispatched', (v) => ({ ...v, routing: { ...v.routing, dispatched: 'by-officer' } })),
  rule('urgent.noOfficeAfterMinutes', (v) => ({ ...v, urgent: { ...v.urgent, noOfficeAfterMinutes: A_LONG_TIME } })),
  rule('urgent.acceptWithinMinutes', (v) => ({ ...v, urgent: { ...v.urgent, acceptWithinMinutes: A_LONG_TIME } })),
  rule('urgent.ring', (v) => ({ ...v, urgent: { ...v.urgent, ring: { everyMinutes: A_LONG_TIME } } })),
  rule('wrongAuthority', (v) => ({
    ...v,
    wrongAuthority: v.wrongAuthority.map((one) => ({ ...one, copyTo: 'none' })),
  })),
  rule('coordination.askedBy', (v) => ({ ...v, coordination: { ...v.coordination, askedBy: 'intake' } })),
  rule('coordination.lateMust.tell-lead', (v) => ({
    ...v,
    coordination: { ...v.coordination, lateMust: v.coordination.lateMust.filter((one) => one !== 'tell-lead') },
  })),
  rule('coordination.lateMust.committed-date', (v) => ({
    ...v,
    coordination: { ...v.coordination, lateMust: v.coordination.lateMust.filter((one) => one !== 'committed-date') },
  })),
  rule('approval', (v) => ({ ...v, approval: { ...v.approval, needed: false } })),
  rule('publication.result', (v) => ({ ...v, publication: { ...v.publication, result: 'never' } })),
  rule('publication.result', (v) => ({ ...v, publication: { ...v.publication, result: 'when-checked' } })),
  rule('rating.scale', (v) => ({ ...v, rating: { ...v.rating, scale: [v.rating.scale[0]!, v.rating.scale.at(-1)!] } })),
  rule('rating.followedBy', (v) => ({ ...v, rating: { ...v.rating, followedBy: 'leader' } })),
  rule('rating.notSatisfied', (v) => ({ ...v, rating: { ...v.rating, notSatisfied: 'agency-checks-again' } })),
  rule('repeats.matching', (v) => ({
    ...v,
    repeats: { ...v.repeats, matching: { ...v.repeats.matching, sameReporter: 1, anyReporter: 1 } },
  })),
  rule('hiding', (v) => ({ ...v, hiding: undefined })),
  rule('hiding.by', (v) => ({ ...v, hiding: v.hiding && { ...v.hiding, by: ['intake'] } })),
  rule('hiding.supervisedBy', (v) => ({ ...v, hiding: v.hiding && { ...v.hiding, supervisedBy: ['leader'] } })),
  rule('hiding.grounds', (v) => ({ ...v, hiding: v.hiding && { ...v.hiding, grounds: [v.hiding.grounds[0]!] } })),
  rule('retention.media', (v) => ({
    ...v,
    retention: { ...v.retention, media: { days: 1, atLeast: false, proposed: true } },
  })),
  rule('escalation.levels', (v) => ({
    ...v,
    escalation: { ...v.escalation, levels: v.escalation.levels.slice(0, -1) },
    steps: v.steps.map((step) => ({
      ...step,
      marks: step.marks.filter(({ level = 0 }) => level < v.escalation.levels.length),
    })),
  })),
  rule('dispute', (v) => ({ ...v, dispute: undefined })),
]

function rule(name: string, change: Rule['without']): Rule {
  return { name, without: change }
}

const marks = (mark: Mark) => [mark.do, mark.level ?? ''].join(' ').trim()

/** Rules that a decision has beside those that every decision has. */
export type More = (version: Version) => readonly Rule[]

/** Every rule of a profile that can be taken out of it: each section above, each kind of urgent matter, periodic report, step, and mark of a step. */
export function rulesOf(profile: Profile, more: More = () => []): readonly Rule[] {
  const v = profile.versions.at(-1)!
  const listed = [
    // The schema wants one.
    ...v.urgent.kinds.slice(v.urgent.kinds.length === 1 ? 1 : 0).map(({ id }) =>
      rule(`urgent.kinds.${id}`, (of) => ({
        ...of,
        urgent: { ...of.urgent, kinds: of.urgent.kinds.filter((kind) => kind.id !== id) },
      })),
    ),
    ...v.reports.map(({ id }) =>
      rule(`reports.${id}`, (of) => ({ ...of, reports: of.reports.filter((one) => one.id !== id) })),
    ),
    ...v.steps.flatMap(({ step, marks: all }) => [
      rule(`steps.${step}`, (of) => ({ ...of, steps: of.steps.filter((one) => one.step !== step) })),
      ...all.map((mark, i) =>
        rule(`steps.${step}.marks.${i} (${marks(mark)})`, (of) => ({
          ...of,
          steps: of.steps.map((one) =>
            one.step === step ? { ...one, marks: one.marks.filter((_, j) => j !== i) } : one,
          ),
        })),
      ),
    ]),
  ]
  return [...SECTIONS, ...listed, ...more(v)].filter((each) => JSON.stringify(each.without(v)) !== JSON.stringify(v))
}

/** The profile without a rule, in every version; it must be a whole profile still. */
export function without(profile: Profile, { without: change }: Rule): Profile {
  const versions = profile.versions.map((version) => ProfileVersion.parse(change(version)))
  for (const version of versions)
    checkVersion(version, (path, message) => {
      throw new Error(`${path.join('.')}: ${message}`)
    })
  return { ...profile, versions }
}

/** Parts of a version, as `section` or `section.part`; what is only said about the version itself is none. */
export function partsOf(profile: Profile): readonly string[] {
  const { from: _, source: __, ...sections } = profile.versions.at(-1)!
  return Object.entries(sections).flatMap(([name, section]) =>
    section === undefined || typeof section !== 'object' || Array.isArray(section)
      ? section === undefined || section.length === 0
        ? []
        : [name]
      : Object.keys(section).flatMap((part) =>
          part === 'source' || isEmpty(section[part as never]) ? [] : [`${name}.${part}`],
        ),
  )
}

const isEmpty = (part: unknown): boolean => Array.isArray(part) && part.length === 0
