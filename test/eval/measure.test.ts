import { describe, expect, it } from 'vitest'
import { agrees } from './agree.ts'
import { drops } from './compare.ts'
import type { Gold, Line } from './corpus.ts'
import type { Judged } from './judged.ts'
import { figuresOf } from './measure.ts'
import type { Said } from './read-back.ts'

const GOLD: Gold = {
  ...{ incident: 'a', kind: 'report', category: 'environment', urgent: false, abusive: false, confidential: false },
  ...{ ward: 'Tân An', district: 'Quận 1', occurred_at: null, missing: [] },
  ...{ reporter_name: 'Lò Văn Mẫu', reporter_phone: '+84912345678', reporter_email: null },
}
const SAID: Said = {
  ...{ caseId: 'c', survivorId: 'c', suggested: [], name: 'lo van mau', phone: '+84912345678', email: null },
  ...{ kind: 'report', category: 'environment', categories: ['environment', 'other'], ward: 'tân an' },
  ...{ district: 'quận 01', occurredAt: null, urgent: false, abusive: false, confidential: false, missing: [] },
}
let count = 0
const judged = (gold: Partial<Gold> = {}, said: Partial<Said> = {}): Judged => ({
  line: {
    ...{ id: String(++count), profile: 'p', received_at: '2026-01-01T00:00:00+07:00', channel: 'sms' },
    ...{ raw: { from: '+84912345678', body: 'o phuong Tan An', media: [] }, gold: { ...GOLD, ...gold } },
  } as Line,
  said: { ...SAID, ...said },
})

it.each<[string, Parameters<typeof agrees>[0], Partial<Gold>, Partial<Said>, boolean]>([
  ['names without case, accents, blanks', 'name', {}, { name: 'LÒ VĂNMẪU' }, true],
  ['another name', 'name', {}, { name: 'Lò Văn Mậu Hai' }, false],
  ['null equals null', 'name', { reporter_name: null }, { name: null }, true],
  ['null and a name', 'name', { reporter_name: null }, {}, false],
  ['a district by its number', 'district', {}, { district: 'Quận 1' }, true],
  ['another number', 'district', {}, { district: 'Quận 10' }, false],
  ['a ward with its type', 'ward', {}, { ward: 'Phường Tân An' }, true],
  ['a numbered ward', 'ward', { ward: 'Phường 5' }, { ward: 'Phường 05' }, true],
  ['one of the first three', 'category_top3', { category: 'other' }, {}, true],
  [
    'the same hour',
    'occurred_at',
    { occurred_at: '2026-01-01T05:30:00+07:00' },
    { occurredAt: '2025-12-31T22:50:00Z' },
    true,
  ],
  [
    'another hour',
    'occurred_at',
    { occurred_at: '2026-01-01T05:30:00+07:00' },
    { occurredAt: '2026-01-01T06:30:00+07:00' },
    false,
  ],
  [
    'only the day where the label is a day',
    'occurred_at',
    { occurred_at: '2026-01-01' },
    { occurredAt: '2026-01-01T23:00:00+07:00' },
    true,
  ],
])('agrees: %s', (_, field, gold, said, expected) => {
  expect(agrees(field, judged(gold, said))).toBe(expected)
})

describe('figures', () => {
  it('count pairs, screening, what is missing, and follow-ups', () => {
    const figures = figuresOf([
      judged({}, { caseId: 'c', survivorId: 'c' }),
      judged({}, { caseId: 'd', survivorId: 'c' }),
      judged({ incident: 'b' }, { caseId: 'e', survivorId: 'e' }),
      judged({}, { caseId: 'f', survivorId: 'f', suggested: [{ caseId: 'c', score: 0.6 }] }),
      judged({ kind: 'spam', incident: null }, { kind: 'report' }),
      judged({ kind: 'followup' }, { survivorId: 'c' }),
      judged({ missing: ['place'], incident: 'z' }, { missing: ['place', 'name'], caseId: 'z', survivorId: 'z' }),
    ])
    expect(figures.duplicates.linked).toMatchObject({ precision: 1, recall: 1 / 3 })
    expect(figures.duplicates.suggested).toMatchObject({ precision: 1, recall: 1, per_report: 1 / 5 })
    expect(figures.screening.spam).toEqual({ precision: 0, recall: 0, f1: 0 })
    expect(figures.missing.place.f1).toBe(1)
    expect(figures.missing.name.precision).toBe(0)
    expect(figures.followup).toBe(1)
    expect(figures.extraction.ward_named).toBe(1)
  })

  it('a line that ended as nothing agrees with nothing', () => {
    const lost = { ...judged(), said: undefined }
    expect(figuresOf([lost]).extraction).toMatchObject({ phone: 0, email: 0, name: 0 })
  })

  it('may fall by a point and no more', () => {
    const overall = figuresOf([judged()])
    const worse = (by: number) => ({ overall: { ...overall, followup: overall.followup - by } })
    expect(drops({ overall }, worse(0.009))).toEqual([])
    expect(drops({ overall }, worse(0.02))).toEqual(['followup fell from 100.0 to 98.0'])
  })
})
