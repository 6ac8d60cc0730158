import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { readYaml } from '../yaml.ts'
import { Profile, versionOn } from './profile.ts'

const text = readFileSync(new URL('../../../profiles/dien-bien.yaml', import.meta.url), 'utf8')
const shipped = readYaml(text, Profile)
if (!('value' in shipped)) throw new Error('profiles/dien-bien.yaml does not read')
const dienBien = shipped.value
const [first, second] = dienBien.versions

describe('the profile of Điện Biên', () => {
  it('routes to the commune since districts ended, and says by which article', () => {
    expect(dienBien.versions.map(({ from, routing }) => [from, routing.level])).toEqual([
      ['2023-04-19', 'district'],
      ['2025-07-01', 'commune'],
    ])
    for (const version of dienBien.versions) {
      expect(version.source).toContain('663/QĐ-UBND')
      expect(version.report.required).toEqual(['name', 'phone', 'content'])
      expect(version.secrecy.identity).toMatchObject({ rule: 'always', consent: true })
      expect(version.steps.find(({ step }) => step === 'handle')).toMatchObject({
        span: { workingDays: 6 },
        source: 'Quyết định 663/QĐ-UBND, Điều 7 khoản 3',
      })
    }
  })
})

describe('the version in force', () => {
  it.each<[string, string, typeof first]>([
    ['long before the first', '2020-01-01T00:00:00Z', first],
    ['on the first day of the first', '2023-04-18T17:00:00Z', first],
    ['in the last second before the second', '2025-06-30T16:59:59.999Z', first],
    ['at midnight in Vietnam', '2025-06-30T17:00:00Z', second],
    ['long after', '2099-01-01T00:00:00Z', second],
  ])('is that of the day in Vietnam: %s', (_, at, version) => {
    expect(versionOn(dienBien, new Date(at))).toBe(version)
  })
})

describe('a profile is refused', () => {
  it.each<[string, object]>([
    ['without a version', { versions: [] }],
    ['with versions out of order', { versions: [second, first] }],
    ['with two versions of one day', { versions: [first, first] }],
    ['with a code that cannot be read aloud', { codePrefix: 'Db' }],
    ['with an id that is no file name', { id: '../dien-bien' }],
    ['with a rule that nobody knows', { rules: {} }],
    ['with a rule in a version that nobody knows', { versions: [{ ...first, secret: true }] }],
    ['without deadlines', { versions: [{ ...first, steps: [] }] }],
    ['with a rule without its source', { versions: [{ ...first, source: '' }] }],
    ['with a day that is not in the calendar', { versions: [{ ...first, from: '2023-02-30' }] }],
  ])('%s', (_, change) => {
    expect(Profile.safeParse({ ...dienBien, ...change }).success).toBe(false)
  })
})

/** A change of the first version, where it goes wrong, and what is said of it. */
const broken: readonly [string, string, unknown, string, RegExp][] = [
  ['a deadline of no days', 'steps.6.span', { workingDays: 0 }, 'steps.6.span.workingDays', /Too small/],
  ['a deadline of two units', 'steps.6.span', { days: 1, hours: 2 }, 'steps.6.span', /a span/],
  ['a deadline by an event that there is not', 'steps.6.from', 'assignment.slept', 'steps.6.from', /Invalid option/],
  [
    'a deadline for an unknown category',
    'steps.6.when',
    { categories: ['roads'] },
    'steps.6.when.categories.0',
    /no category roads/,
  ],
  ['two deadlines of one name', 'steps.6.step', 'coordinate', 'steps.6.step', /coordinate stands twice/],
  ['an escalation to nobody', 'escalation.levels', [], 'steps.1.marks.0.level', /no level 2/],
  ['an escalation without a level', 'steps.6.marks', [{ at: true, do: 'escalate' }], 'steps.6.marks.0', /no level/],
  [
    'a table where the place decides',
    'routing.table',
    [{ categories: ['a'], to: 'place', dispatched: 'automatically', source: 's' }],
    'routing.table',
    /no room for a table/,
  ],
  ['no table where the field decides', 'routing.by', 'field', 'routing', /needs a table/],
  ['a place of no level', 'routing.level', undefined, 'routing', /needs a level/],
  ['a category demanded of none', 'report.required', ['category'], 'report.required', /there are none/],
  [
    'a placeholder that there is not',
    'notices.2.text.en',
    'Dear {{name}}',
    'notices.2.text.en',
    /no placeholder \{\{name\}\}/,
  ],
  [
    'an answer promised on receipt',
    'notices.0.text',
    { vi: '{{answer}}', en: 'x' },
    'notices.0.text.vi',
    /no placeholder \{\{answer\}\}/,
  ],
  [
    'two forms of one notice',
    'notices.1',
    { event: 'received', by: ['origin'], source: 's' },
    'notices.1.by.0',
    /a second form of received by origin/,
  ],
  ['hiding for what is no ground', 'hiding.grounds', ['dull'], 'hiding.grounds.0', /no ground of refusal dull/],
  ['a likeness beyond the same', 'repeats.matching.sameReporter', 1.1, 'repeats.matching.sameReporter', /Too big/],
  ['a term of nobody', 'retention.case', { years: 10 }, 'retention.case', /either source or proposed/],
  [
    'a term of two lengths',
    'retention.case',
    { years: 1, days: 1, proposed: true },
    'retention.case',
    /exactly one of days/,
  ],
  [
    'a wrong authority for an unknown category',
    'wrongAuthority.0.categories',
    ['roads'],
    'wrongAuthority.0.categories.0',
    /no category roads/,
  ],
  ['two grades of one name', 'rating.scale.1.id', 'satisfied', 'rating.scale.1.id', /satisfied stands twice/],
  ['a refusal without reason', 'report.refuse.reason', false, 'report.refuse.reason', /expected true/],
  ['publishing what nobody looked at', 'publication.only', 'at-once', 'publication.only', /masked-and-checked/],
]

describe('what is wrong is said with its line', () => {
  it.each(broken)('%s', (_, path, value, where, said) => {
    const profile = parse(text, { merge: true }) as { versions: [object, object] }
    put(profile.versions[0], path.split('.'), value)
    const written = stringify({ ...profile, versions: [profile.versions[0]] }, { aliasDuplicateObjects: false })
    const read = readYaml(written, Profile)
    if (!('problems' in read)) throw new Error('it was taken')
    const problem = read.problems.find((one) => one.path === `versions.0.${where}`)
    expect(problem?.problem, JSON.stringify(read.problems)).toMatch(said)
    const last = where.split('.').findLast((part) => Number.isNaN(Number(part)))!
    const near = written.split('\n').slice(problem!.line - 3, problem!.line)
    expect(near.join('\n')).toContain(last)
  })

  it('where a merge key brought it in, at the line where it was written', () => {
    const wrong = text.replace('event: forwarded', 'event: forgotten')
    const read = readYaml(wrong, Profile)
    const line = wrong.split('\n').findIndex((each) => each.includes('forgotten')) + 1
    expect('problems' in read && read.problems.map((problem) => [problem.path, problem.line])).toEqual([
      ['versions.0.notices.1.event', line],
      ['versions.1.notices.1.event', line],
    ])
  })
})

function put(into: object, [key = '', ...rest]: readonly string[], value: unknown): void {
  const object = into as Record<string, unknown>
  if (rest.length > 0) put(object[key] as object, rest, value)
  else if (value === undefined) delete object[key]
  else object[key] = value
}
