import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readYaml } from '../yaml.ts'
import { dayInVietnam, Profile, versionOn } from './profile.ts'

const shipped = readYaml(readFileSync(new URL('../../../profiles/dien-bien.yaml', import.meta.url), 'utf8'), Profile)
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
      expect(version).toMatchObject({ required: ['name', 'phone', 'content'], identitySecret: 'always' })
      expect(version.handle).toEqual({ workingDays: 6, source: 'Quyết định 663/QĐ-UBND, Điều 7 khoản 3' })
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

it.each([
  ['2026-10-18T16:59:59Z', '2026-10-18'],
  ['2026-10-18T17:00:00Z', '2026-10-19'],
  ['2026-12-31T17:00:00Z', '2027-01-01'],
  ['2028-02-28T18:00:00Z', '2028-02-29'],
])('%s is %s in Vietnam, whatever zone the machine is in', (at, day) => {
  expect(dayInVietnam(new Date(at))).toBe(day)
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
    ['with a deadline of no days', { versions: [{ ...first, handle: { workingDays: 0, source: 'x' } }] }],
    ['with a rule without its source', { versions: [{ ...first, source: '' }] }],
    [
      'with a likeness beyond the same',
      { versions: [{ ...first, matching: { ...first!.matching, sameReporter: 1.1 } }] },
    ],
    ['with a day that is not in the calendar', { versions: [{ ...first, from: '2023-02-30' }] }],
  ])('%s', (_, change) => {
    expect(Profile.safeParse({ ...dienBien, ...change }).success).toBe(false)
  })
})
