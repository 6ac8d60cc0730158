import { expect, it } from 'vitest'
import { batchesOf } from './batches.ts'

const MB = 1024 * 1024
const sizesOf = (sizes: readonly number[], maxBytes = 36 * MB) =>
  batchesOf(
    sizes.map((size, i) => ({ uid: i + 1, size, receivedAt: new Date(0) })),
    maxBytes,
  ).map((batch) => batch.map(({ size }) => size / MB))

it.each<[string, readonly number[], readonly (readonly number[])[]]>([
  ['nothing', [], []],
  ['what fits into 2 MB', [MB, MB], [[1, 1]]],
  ['what does not', [MB, MB, MB], [[1, 1], [1]]],
  ['one that is larger than a batch, alone', [MB, 20 * MB, MB], [[1], [20], [1]]],
  ['one that is not fetched, which weighs nothing', [MB, 40 * MB, MB], [[1, 40, 1]]],
])('cuts %s', (_, sizes, expected) => {
  expect(sizesOf(sizes)).toEqual(expected)
})

it('cuts after 64 however small they are, and loses none', () => {
  expect(sizesOf(Array.from({ length: 130 }, () => 1)).map((batch) => batch.length)).toEqual([64, 64, 2])
})
