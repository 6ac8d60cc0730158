import { describe, expect, it } from 'vitest'
import { similarity } from '../../normalize/similar.ts'
import { bestMatch, type Candidate, placeOf } from './look.ts'

const RULES = { windowDays: 3, sameReporter: 0.7, anyReporter: 0.85, nearMetres: 300 }
const TEXT = 'ho ga truoc cong truong mat nap da ba ngay rat nguy hiem cho tre con'
const ALIKE = `${TEXT} qua`
const LESS_ALIKE = 'ho ga truoc cong truong mat nap da ba ngay roi chua ai sua'
const OTHER = 'loa keo keo mo to den qua nua dem'
const HERE = { lat: 21.4, lng: 103 }
const north = (metres: number) => ({ ...HERE, lat: HERE.lat + metres / 110_574 })
const east = (metres: number) => ({
  ...HERE,
  lng: HERE.lng + metres / (111_320 * Math.cos((HERE.lat * Math.PI) / 180)),
})

type Place = Partial<Pick<Candidate, 'point' | 'unit'>>
const at = ({ point, unit }: Place = {}) => ({ point, unit })

function candidate(folded: string, more: Partial<Candidate> = {}): Candidate {
  return { caseId: 'c1', folded, sameReporter: false, point: undefined, unit: undefined, ...more }
}
const match = (place: Place, ...candidates: readonly Candidate[]) =>
  bestMatch({ folded: TEXT, ...at(place) }, candidates, RULES)

it('the texts of these tests are as alike as their names say', () => {
  expect(similarity(TEXT, ALIKE)).toBeGreaterThan(RULES.anyReporter)
  expect(similarity(TEXT, LESS_ALIKE)).toBeLessThan(RULES.anyReporter)
  expect(similarity(TEXT, OTHER)).toBeLessThan(RULES.sameReporter)
})

describe('a second report of the same person', () => {
  const own = (folded: string, more: Partial<Candidate> = {}) => candidate(folded, { sameReporter: true, ...more })

  it('is a resend where its words are nearly the same, also without a place', () => {
    expect(match({}, own(TEXT))).toEqual({ caseId: 'c1', why: 'resend', similarity: 1 })
    expect(match({}, own(ALIKE))).toMatchObject({ why: 'resend' })
  })

  it.each<[string, Candidate, Place]>([
    ['its words are others', own(OTHER), {}],
    ['its pin is elsewhere', own(TEXT, { point: north(301) }), { point: HERE }],
    ['it names another unit', own(TEXT, { unit: 'b' }), { unit: 'a' }],
  ])('is a matter of its own where %s', (_, one, place) => {
    expect(match(place, one)).toBeUndefined()
  })

  it('is judged by its pins where both have one, whatever units are named', () => {
    expect(match({ point: HERE, unit: 'a' }, own(TEXT, { point: north(10), unit: 'b' }))).toMatchObject({
      why: 'resend',
    })
  })

  it('is found by similarity exactly at the threshold', () => {
    const alike = similarity(TEXT, LESS_ALIKE)
    const report = { folded: TEXT, ...at() }
    expect(bestMatch(report, [own(LESS_ALIKE)], { ...RULES, sameReporter: alike })).toBeDefined()
    expect(bestMatch(report, [own(LESS_ALIKE)], { ...RULES, sameReporter: alike + 1e-9 })).toBeUndefined()
  })
})

describe('the same words of another person', () => {
  it.each<[string, Candidate, Place]>([
    ['two pins that are near each other', candidate(ALIKE, { point: north(299) }), { point: HERE }],
    ['two pins that are near each other, east', candidate(ALIKE, { point: east(299) }), { point: HERE }],
    ['one unit that both name', candidate(ALIKE, { unit: 'a' }), { unit: 'a' }],
  ])('are one matter with %s', (_, one, place) => {
    expect(match(place, one)).toMatchObject({ caseId: 'c1', why: 'same-text' })
  })

  it.each<[string, Candidate, Place]>([
    ['no place is known', candidate(TEXT), {}],
    ['only one of them has a place', candidate(TEXT, { point: HERE }), {}],
    ['one has a pin and the other a name', candidate(TEXT, { unit: 'a' }), { point: HERE }],
    ['the pins are apart', candidate(TEXT, { point: north(301) }), { point: HERE }],
    ['the pins are apart, east', candidate(TEXT, { point: east(301) }), { point: HERE }],
    ['the pins are apart in one unit', candidate(TEXT, { point: north(301), unit: 'a' }), { point: HERE, unit: 'a' }],
    ['they name two units, as chain letters do', candidate(TEXT, { unit: 'b' }), { unit: 'a' }],
    ['the words are less alike', candidate(LESS_ALIKE, { point: HERE }), { point: HERE }],
    ['there are no words', candidate('', { point: HERE }), { point: HERE }],
  ])('are two matters where %s', (_, one, place) => {
    expect(match(place, one)).toBeUndefined()
  })

  it('that are none are alike to nothing', () => {
    const empty = { folded: '', ...at({ point: HERE }) }
    expect(bestMatch(empty, [candidate('', { point: HERE, sameReporter: true })], RULES)).toBeUndefined()
  })
})

describe('of several candidates', () => {
  it('the most alike is taken, whatever their order', () => {
    const all = [
      candidate(LESS_ALIKE, { caseId: 'less', sameReporter: true }),
      candidate(TEXT, { caseId: 'same', unit: 'a' }),
      candidate(ALIKE, { caseId: 'alike', sameReporter: true }),
    ]
    const rules = { ...RULES, sameReporter: 0.3 }
    for (const candidates of [all, all.toReversed()])
      expect(bestMatch({ folded: TEXT, ...at({ unit: 'a' }) }, candidates, rules)?.caseId).toBe('same')
  })

  it('none is nothing', () => {
    expect(match({ point: HERE })).toBeUndefined()
  })
})

describe('the place of a report', () => {
  it.each<[string, Parameters<typeof placeOf>[0], Place]>([
    ['nothing', { lat: null, lng: null, readings: {} }, {}],
    ['a pin', { lat: 21.4, lng: 103, readings: {} }, { point: HERE }],
    [
      'the units that its words may mean',
      {
        lat: null,
        lng: null,
        readings: { unit: { value: null, confidence: 1, from: 'text', candidates: ['a', 'b'] } },
      },
      { unit: 'a b' },
    ],
  ])('is %s', (_, report, place) => {
    expect(placeOf(report)).toEqual(at(place))
  })
})
