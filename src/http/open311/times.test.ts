import { expect, it } from 'vitest'
import { spanOf, written } from './times.ts'

const NOW = new Date('2026-10-19T02:00:00.500Z')

it('is written to the second, in Vietnam’s time', () => {
  expect(written(NOW)).toBe('2026-10-19T09:00:00+07:00')
  expect(written(new Date('2026-12-31T17:00:00Z'))).toBe('2027-01-01T00:00:00+07:00')
})

it.each<[string | undefined, string | undefined, string]>([
  [undefined, undefined, '2026-07-21T02:00:00.500Z 2026-10-19T02:00:00.500Z'],
  ['2026-10-01T00:00:00Z', undefined, '2026-10-01T00:00:00.000Z 2026-10-19T02:00:00.500Z'],
  ['2026-01-01T00:00:00Z', undefined, '2026-01-01T00:00:00.000Z 2026-04-01T00:00:00.000Z'],
  [undefined, '2026-04-01T00:00:00Z', '2026-01-01T00:00:00.000Z 2026-04-01T00:00:00.000Z'],
  ['2026-10-01T00:00:00+07:00', '2026-10-01T00:00:00-01:30', '2026-09-30T17:00:00.000Z 2026-10-01T01:30:00.000Z'],
  ['2026-10-01T00:00:00 07:00', '2026-10-01T00:00Z', '2026-09-30T17:00:00.000Z 2026-10-01T00:00:00.000Z'],
  ['2026-10-01T00:00:00.123Z', '2026-10-01T00:00:09.999Z', '2026-10-01T00:00:01.000Z 2026-10-01T00:00:09.000Z'],
  ['2026-10-01', '2026-10-01', '2026-09-30T17:00:00.000Z 2026-10-01T16:59:59.000Z'],
  ['2026-01-01', '2026-04-01', '2025-12-31T17:00:00.000Z 2026-04-01T16:59:59.000Z'],
  ['2026-01-01', '2026-04-02', 'span-too-long'],
  ['2026-01-01T00:00:00Z', '2026-04-01T00:00:00Z', '2026-01-01T00:00:00.000Z 2026-04-01T00:00:00.000Z'],
  ['2026-01-01T00:00:00Z', '2026-04-01T00:00:01Z', 'span-too-long'],
  ['2026-03-02T00:00:00Z', '2026-03-01T00:00:00Z', 'not-a-time'],
  ['2026-10-01T00:00:00', undefined, 'not-a-time'],
  ['2026-10-01T00:00:00+0700', undefined, 'not-a-time'],
  ['2026-10-01 00:00:00Z', undefined, 'not-a-time'],
  [undefined, '2026-13-45T00:00:00Z', 'not-a-time'],
  [undefined, '2026-13-45', 'not-a-time'],
  ['yesterday', undefined, 'not-a-time'],
])('from %s to %s is %s', (start, end, expected) => {
  const span = spanOf({ start, end }, NOW)
  expect(typeof span === 'string' ? span : `${span.from.toISOString()} ${span.to.toISOString()}`).toBe(expected)
})
