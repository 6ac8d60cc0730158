import { expect, it } from 'vitest'
import { inWords, timeOf } from './time.ts'

it.each([
  ['2026-11-29T10:15:00+07:00', '2026-11-29T03:15:00.000Z'],
  ['2026-11-29T10:15:00.123456+0700', '2026-11-29T03:15:00.000Z'],
  ['2026-11-29T03:15:00Z', '2026-11-29T03:15:00.000Z'],
  ['2026-11-29 10:15:00', '2026-11-29T03:15:00.000Z'],
  ['2026-11-29', '2026-11-28T17:00:00.000Z'],
  ['29/11/2026 10:15', '2026-11-29T03:15:00.000Z'],
  ['9-1-2026, 8h05', '2026-01-09T01:05:00.000Z'],
  ['1795921200', '2026-11-29T03:00:00.000Z'],
  ['1795921200.5', '2026-11-29T03:00:00.500Z'],
  ['1795921200123', '2026-11-29T03:00:00.123Z'],
])('%s is a time, in Vietnam where it names no zone', (written, time) => {
  expect(timeOf(written)?.toISOString()).toBe(time)
})

it.each([
  '',
  ' ',
  'sáng nay',
  '10:15',
  '2026-13-01',
  '2026-11-29T25:00',
  '29/11/26',
  '17959212',
  '-1',
  `${'1'.repeat(50)}`,
])('%j is none', (written) => {
  expect(timeOf(written)).toBeUndefined()
})

it('is told as clocks in Vietnam show it, whatever zone the machine is in', () => {
  expect(inWords(new Date('2026-11-28T17:05:00Z'))).toEqual({ time: '00:05', day: '29/11/2026' })
})
