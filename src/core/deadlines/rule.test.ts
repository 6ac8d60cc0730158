import { describe, expect, it } from 'vitest'
import { type Facts, isFor, Rule } from './rule.ts'

const good = {
  step: 'handle',
  source: 'Quyết định 663/QĐ-UBND, Điều 7 khoản 3',
  owner: 'agency',
  from: 'assignment.delivered',
  until: ['assignment.answered'],
  span: { workingDays: 6 },
}

describe('a rule', () => {
  it('is towards the agency, starts again after a return and has no marks, unless it says otherwise', () => {
    expect(Rule.parse(good)).toEqual({ ...good, towards: 'agency', restarts: true, once: false, marks: [] })
  })

  it.each<[string, object]>([
    ['without its article', { source: '' }],
    ['from an event that nobody knows', { from: 'assignment.done' }],
    ['that nothing ends', { until: [] }],
    ['that ends with what starts it', { until: ['assignment.delivered'] }],
    ['with two spans in one', { span: { hours: 1, days: 1 } }],
    ['with a field that nobody knows', { who: 'agency' }],
    ['with a mark that has no time', { marks: [{ do: 'remind' }] }],
    ['with a mark that has two', { marks: [{ do: 'remind', at: true, before: { hours: 1 } }] }],
    ['with an escalation beyond the highest', { marks: [{ do: 'escalate', at: true, level: 4 }] }],
  ])('is refused %s', (_, change) => {
    expect(Rule.safeParse({ ...good, ...change }).success).toBe(false)
  })
})

describe('is for', () => {
  it.each<[Rule['when'], Facts, 'lead' | 'coordinating' | 'informed' | undefined, boolean]>([
    [undefined, {}, 'lead', true],
    [undefined, {}, undefined, true],
    [undefined, {}, 'coordinating', false],
    [undefined, {}, 'informed', false],
    [{ role: 'coordinating' }, {}, 'coordinating', true],
    [{ role: 'coordinating' }, {}, 'lead', false],
    [{ urgent: true }, {}, 'lead', false],
    [{ urgent: true }, { urgent: true }, 'lead', true],
    [{ urgent: false }, {}, 'lead', true],
    [{ urgent: false }, { urgent: true }, 'lead', false],
    [{ siteVisit: true, complex: false }, { siteVisit: true }, 'lead', true],
    [{ siteVisit: true, complex: false }, { siteVisit: true, complex: true }, 'lead', false],
    [{ coordination: true }, { coordination: true }, undefined, true],
    [{ categories: ['a', 'b'] }, { category: 'b' }, 'lead', true],
    [{ categories: ['a', 'b'] }, { category: 'c' }, 'lead', false],
    [{ categories: ['a', 'b'] }, {}, 'lead', false],
  ])('%j, %j, %s: %s', (when, facts, role, expected) => {
    expect(isFor(Rule.parse({ ...good, when }), facts, role)).toBe(expected)
  })
})
