import { expect, test } from 'vitest'
import { similarity } from './similar.ts'
import { fold } from './text.ts'

// Values of pg_trgm 1.6 on PostgreSQL 18, `select similarity(a, b)`.
test.each([
  ['word', 'two words', 0.36363637],
  ['', '', 0],
  ['a', '', 0],
  ['den duong tat', 'den duong tat', 1],
  ['tat den duong', 'den duong tat', 1],
  ['den den den', 'den', 1],
])('the similarity of %j and %j is the database’s', (a, b, expected) => {
  expect(similarity(a, b)).toBeCloseTo(expected, 6)
  expect(similarity(b, a)).toBe(similarity(a, b))
})

test('the same matter in other words is nearer than another matter', () => {
  const report = fold('Đèn đường tắt trước chợ Nà Mận ba hôm nay')
  const same = fold('den duong truoc cho Na Man tat 3 hom nay roi')
  const other = fold('Rác chất đống cuối hẻm 12 Lê Văn Mít')
  expect(similarity(report, same)).toBeGreaterThan(0.5)
  expect(similarity(report, other)).toBeLessThan(0.2)
})
