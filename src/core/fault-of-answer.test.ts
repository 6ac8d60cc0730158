import { expect, it } from 'vitest'
import { faultOfAnswer } from './fault-of-answer.ts'

const AT = new Date('2026-08-20T03:00:00Z')

function read(status: number, retryAfter?: string) {
  const headers: Record<string, string> = retryAfter === undefined ? {} : { 'retry-after': retryAfter }
  return faultOfAnswer({ status, headers, body: Buffer.from('<h1>whatever</h1>') }, AT)
}

it.each([200, 201, 202, 204, 299])('%i is no fault', (status) => {
  expect(read(status)).toBeUndefined()
})

it.each([
  [300, 'config', undefined],
  [301, 'config', undefined],
  [302, 'config', undefined],
  [304, 'config', undefined],
  [307, 'config', undefined],
  [308, 'config', undefined],
  [400, 'rejected', undefined],
  [401, 'config', undefined],
  [402, 'config', undefined],
  [403, 'config', undefined],
  [404, 'config', undefined],
  [405, 'config', undefined],
  [407, 'config', undefined],
  [408, 'unreachable', true],
  [409, 'rejected', undefined],
  [410, 'config', undefined],
  [413, 'rejected', undefined],
  [415, 'rejected', undefined],
  [418, 'rejected', undefined],
  [421, 'config', undefined],
  [422, 'rejected', undefined],
  [425, 'unreachable', true],
  [426, 'config', undefined],
  [429, 'throttled', undefined],
  [451, 'rejected', undefined],
  [500, 'unreachable', true],
  [501, 'unreachable', true],
  [502, 'unreachable', true],
  [503, 'unreachable', true],
  [504, 'unreachable', true],
  [599, 'unreachable', true],
] as const)('%i is %s, outcome unknown: %s', (status, code, outcomeUnknown) => {
  const found = read(status)
  expect(found?.fault).toBe(code)
  expect(found?.outcomeUnknown).toBe(outcomeUnknown)
  expect(found?.message).toContain(String(status))
  expect(found?.message).not.toContain('whatever')
})

it.each([
  ['seconds', '120', 120],
  ['no time at all', '0', 1],
  ['a day', '86400', 3600],
  ['more digits than a number holds', '9'.repeat(400), 3600],
  ['a date', 'Thu, 20 Aug 2026 03:02:30 GMT', 150],
  ['a date gone by', 'Thu, 20 Aug 2026 02:00:00 GMT', 1],
  ['a date next year', 'Fri, 20 Aug 2027 03:00:00 GMT', 3600],
])('waits within bounds when Retry-After is %s', (_, value, seconds) => {
  expect(read(429, value)).toMatchObject({ fault: 'throttled', retryAfterSeconds: seconds })
  expect(read(503, value)).toMatchObject({ fault: 'throttled', retryAfterSeconds: seconds })
})

it.each(['', 'soon', '-5', '1.5', '2026-08-20', 'Thu, 99 Aug 2026 03:02:30 GMT'])(
  'does not guess at a Retry-After of "%s"',
  (value) => {
    expect(read(429, value)).not.toHaveProperty('retryAfterSeconds')
    expect(read(503, value)).toMatchObject({ fault: 'unreachable', outcomeUnknown: true })
  },
)
