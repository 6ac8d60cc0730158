import type { ProfileVersion } from '../../../src/core/profile/profile.ts'
import type { Rule } from '../support/rules.ts'

type Version = ProfileVersion
type Listed = 'interim' | 'reply' | 'wrongAuthority'

const rule = (name: string, without: Rule['without']): Rule => ({ name, without })

/** Each thing that an entry of a list demands; one that demands nothing else goes whole. */
function demands(section: Listed, v: Version): readonly Rule[] {
  return v[section].flatMap((entry, i) =>
    entry.must.map((part) =>
      rule(`${section}.${i}.${part}`, (of) => ({
        ...of,
        [section]: of[section].flatMap((one, j) => {
          const must = (one.must as readonly string[]).filter((each) => each !== part)
          return j !== i ? [one] : must.length > 0 ? [{ ...one, must }] : []
        }),
      })),
    ),
  )
}

/** What this decision has beside what every decision has. */
export const rulesOfCity = (v: Version): readonly Rule[] => [
  ...(['address', 'email'] as const).map((field) =>
    rule(`report.required.${field}`, (of) => ({
      ...of,
      report: { ...of.report, required: of.report.required.filter((one) => one !== field) },
    })),
  ),
  rule('report.refuse.by', (of) => ({
    ...of,
    report: { ...of.report, refuse: { ...of.report.refuse, by: ['intake', 'agency'] } },
  })),
  ...v.scope.excluded.map(({ id }) =>
    rule(`scope.excluded.${id}`, (of) => ({
      ...of,
      scope: { ...of.scope, excluded: of.scope.excluded.filter((one) => one.id !== id) },
    })),
  ),
  ...v.channels.map(({ kind }, i) =>
    rule(`channels.${i} (${kind})`, (of) => ({ ...of, channels: of.channels.filter((_, j) => j !== i) })),
  ),
  rule('intake', (of) => ({ ...of, intake: { ...of.intake, open: 'working-hours' } })),
  rule('secrecy.identity.rule', (of) => ({
    ...of,
    secrecy: { ...of.secrecy, identity: { ...of.secrecy.identity, rule: 'always' } },
  })),
  ...v.routing.table.map(({ categories, field = '' }, i) =>
    rule(`routing.table.${i} (${categories.join(' ')} ${field})`, (of) => ({
      ...of,
      routing: { ...of.routing, table: of.routing.table.filter((_, j) => j !== i) },
    })),
  ),
  ...v.routing.table.map(({ categories, field = '', dispatched }, i) =>
    rule(`routing.table.${i}.dispatched (${categories.join(' ')} ${field})`, (of) => ({
      ...of,
      routing: {
        ...of.routing,
        table: of.routing.table.map((line, j) =>
          j === i ? { ...line, dispatched: dispatched === 'automatically' ? 'by-officer' : 'automatically' } : line,
        ),
      },
    })),
  ),
  rule('categories.infrastructure.complex', (of) => ({
    ...of,
    categories: of.categories.map((one) => ({ ...one, complex: false })),
  })),
  ...demands('wrongAuthority', v).filter(({ name }) => name.endsWith('verification')),
  rule('wrongAuthority.0.to', (of) => ({
    ...of,
    wrongAuthority: of.wrongAuthority.map((one) => ({ ...one, to: 'intake' })),
  })),
  rule('urgent.kinds', (of) => ({
    ...of,
    urgent: { ...of.urgent, kinds: of.urgent.kinds.map((kind) => ({ ...kind, id: 'none' })) },
  })),
  rule('handling', (of) => ({ ...of, handling: undefined })),
  rule('passingOn', (of) => ({ ...of, passingOn: { ...of.passingOn, allowed: false } })),
  rule('approval', (of) => ({ ...of, approval: { ...of.approval, needed: true } })),
  ...demands('interim', v).filter(({ name }) => !name.endsWith('.state') && !name.startsWith('interim.2')),
  ...demands('reply', v).filter(({ name }) => !name.endsWith('.result')),
  rule('publication.result.checked', (of) => ({
    ...of,
    publication: { ...of.publication, result: 'when-approved' },
  })),
  ...v.notices.map(({ event }) =>
    rule(`notices.${event}`, (of) => ({ ...of, notices: of.notices.filter((one) => one.event !== event) })),
  ),
  rule('repeats.tell', (of) => ({ ...of, repeats: { ...of.repeats, tell: 'nothing' } })),
]
