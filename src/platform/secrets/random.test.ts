import { validate, version } from 'uuid'
import { expect, it } from 'vitest'
import { newId, POOL_BYTES, randomPooled } from './random.ts'

it('never draws the same bytes twice, also where a pool ends and the next begins', () => {
  const draws = Array.from({ length: POOL_BYTES }, () => randomPooled(12))
  expect(new Set(draws.map((draw) => draw.toString('hex'))).size).toBe(draws.length)
  expect(draws.every((draw) => draw.length === 12)).toBe(true)
})

it('hands out copies: what a later draw does changes nothing drawn before', () => {
  const drawn = randomPooled(32)
  const before = drawn.toString('hex')
  for (let i = 0; i < POOL_BYTES; i++) randomPooled(32)
  expect(drawn.toString('hex')).toBe(before)
})

it('fills whole draws of every size up to the pool, and refuses more', () => {
  for (const size of [1, 16, 4095, POOL_BYTES]) expect(randomPooled(size)).toHaveLength(size)
  expect(() => randomPooled(POOL_BYTES + 1)).toThrow(RangeError)
})

it('makes ids of version 7, of this moment and no two alike', () => {
  const ids = Array.from({ length: 1000 }, newId)
  expect(ids.every((id) => validate(id) && version(id) === 7)).toBe(true)
  expect(new Set(ids).size).toBe(ids.length)
})

it('makes ids in order, however many in a millisecond', () => {
  const ids = Array.from({ length: 5000 }, () => newId())
  expect(ids).toEqual([...ids].sort())
  expect(new Set(ids).size).toBe(ids.length)
})
