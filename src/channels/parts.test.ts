import { expect, it } from 'vitest'
import { inMemory } from '../../test/support/channel-context.ts'
import { fault } from '../core/fault.ts'
import { sendParts } from './parts.ts'

const PARTS = ['(1/3) a', '(2/3) b', '(3/3) c']

it('goes on where the last attempt stopped, and forgets what is done', async () => {
  const memory = inMemory({ listedSince: '2026-11-23T01:00:00.000Z' })
  const gone: string[] = []
  const busy = fault('throttled', 'later')
  const attempt = (token: string, fails: number) =>
    sendParts(PARTS, {
      ...{ token, memory },
      send: async (part, at) => {
        if (at === fails) return busy
        gone.push(`${token}${part}`)
        return { sent: true, providerIds: [`SM${at}`] }
      },
    })
  expect(await attempt('x', 1)).toBe(busy)
  expect(await attempt('y', 2)).toBe(busy)
  expect(await attempt('x', 2)).toBe(busy)
  expect(await attempt('x', 9)).toEqual({ sent: true, providerIds: ['SM0', 'SM1', 'SM2'] })
  expect(gone).toEqual(['x(1/3) a', 'y(1/3) a', 'y(2/3) b', 'x(2/3) b', 'x(3/3) c'])
  expect(await memory.read()).toEqual({ listedSince: '2026-11-23T01:00:00.000Z', partly: [['y', 2, ['SM0', 'SM1']]] })
})

it('remembers no more than so many', async () => {
  const memory = inMemory('not what was ever remembered')
  for (let i = 0; i < 210; i++) {
    const send = async (_: string, at: number) => (at === 1 ? fault('throttled', 'later') : { sent: true as const })
    await sendParts(PARTS, { token: `t${i}`, memory, send })
  }
  const { partly } = (await memory.read()) as { partly: unknown[] }
  expect(partly).toHaveLength(200)
  expect(partly.at(-1)).toEqual(['t209', 1, []])
})
