import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CODE_SYMBOLS, findCodes, makeCode, parseCode } from './code.ts'

const random = fc.integer({ min: 0, max: 2 ** 31 - 1 })
const codes = fc
  .record({
    prefix: fc.string({ unit: fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'), minLength: 2, maxLength: 4 }),
    year: fc.integer({ min: 2000, max: 2099 }),
    draws: fc.array(random, { minLength: 7, maxLength: 7 }),
  })
  .map(({ prefix, year, draws }) => makeCode({ prefix, year, random: (max) => draws.pop()! % max }))

test('a code has the prefix, the year, seven random symbols and one to check them', () => {
  expect(makeCode({ prefix: 'DB', year: 2026, random: () => 5 })).toMatch(/^DB-26-7777-777[2-9A-Z]$/)
  expect(makeCode({ prefix: 'HCM', year: 2030, random: (max) => max - 1 })).toMatch(/^HCM-30-ZZZZ-ZZZ[2-9A-Z]$/)
})

test.each(['d', 'ABCDE', 'ĐB', 'D1', ''])('a prefix of %j is a mistake of ours', (prefix) => {
  expect(() => makeCode({ prefix, year: 2026, random: () => 0 })).toThrow()
})

test('a code is read in any case, with blanks or other dashes or none', () => {
  fc.assert(
    fc.property(codes, (code) => {
      const bare = code.replaceAll('-', '')
      for (const written of [
        code,
        code.toLowerCase(),
        bare,
        bare.toLowerCase(),
        bare.split('').join(' '),
        `  ${code}. `,
        code.replaceAll('-', ' – '),
      ])
        expect(parseCode(written)).toBe(code)
    }),
  )
})

test.each(['', 'DB-26', 'DB-26-7K3M-9QX', '1022', 'DB-26-7K3M-9QXT-2', 'DB-26-0O1I-LLUU', 'x'.repeat(1_000_000)])(
  'what is no code is none (%#)',
  (text) => {
    expect(parseCode(text)).toBeUndefined()
  },
)

function others(symbol: string, position: number, length: number): string[] {
  const alphabet =
    position >= length - 8 ? CODE_SYMBOLS : /\d/.test(symbol) ? '0123456789' : 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
  return alphabet.split('').filter((other) => other !== symbol)
}

describe('the check symbol', () => {
  test('catches every single wrong symbol, wherever it stands', () => {
    fc.assert(
      fc.property(codes, (code) => {
        const bare = code.replaceAll('-', '')
        for (let i = 0; i < bare.length; i++)
          for (const other of others(bare[i]!, i, bare.length))
            expect(parseCode(bare.slice(0, i) + other + bare.slice(i + 1))).toBeUndefined()
      }),
      { numRuns: 50 },
    )
  })

  test('misses 60 of 26,100 exchanges of neighbours (0.23 %), and 2 of 870 with itself', () => {
    expect(exchanges()).toEqual({ tried: 26_100, missed: 60 })
    expect(exchangesWithCheck()).toEqual({ tried: 870, missed: 2 })
  })

  test('lets one in thirty random codes through, as one symbol must', () => {
    const body = (n: number) =>
      Array.from({ length: 8 }, (_, k) => CODE_SYMBOLS[(n * (k * k * 7 + 11) + (n >> k)) % 30]).join('')
    const valid = Array.from({ length: 30_000 }, (_, n) => parseCode(`DB26${body(n)}`)).filter(
      (code) => code !== undefined,
    )
    expect(valid.length / 30_000).toBeCloseTo(1 / 30, 2)
  })
})

/** All pairs of different symbols, in all 30 states of the check: the symbol before the pair leads to each of them. */
function exchanges(): { tried: number; missed: number } {
  let tried = 0
  let missed = 0
  for (const before of CODE_SYMBOLS) {
    for (const a of CODE_SYMBOLS) {
      for (const b of CODE_SYMBOLS) {
        if (a === b) continue
        const draws = [...`22${before}${a}${b}22`].map((symbol) => CODE_SYMBOLS.indexOf(symbol))
        const code = makeCode({ prefix: 'DB', year: 2026, random: () => draws.shift()! }).replaceAll('-', '')
        tried++
        if (parseCode(`${code.slice(0, 7)}${b}${a}${code.slice(9)}`)) missed++
      }
    }
  }
  return { tried, missed }
}

function exchangesWithCheck(): { tried: number; missed: number } {
  let tried = 0
  let missed = 0
  for (const before of CODE_SYMBOLS) {
    for (const last of CODE_SYMBOLS) {
      const draws = [...`22222${before}${last}`].map((symbol) => CODE_SYMBOLS.indexOf(symbol))
      const code = makeCode({ prefix: 'DB', year: 2026, random: () => draws.shift()! })
      if (code.at(-1) === last) continue
      tried++
      if (parseCode(`${code.slice(0, -2)}${code.at(-1)}${last}`)) missed++
    }
  }
  return { tried, missed }
}

test('codes are found among words, each once and in its canonical form', () => {
  fc.assert(
    fc.property(codes, (code) => {
      const bare = code.replaceAll('-', ' ').toLowerCase()
      expect(findCodes(`Về ${code}, tức ${bare}: đường QL12 vẫn hỏng, số 0912 345 678`)).toEqual([code])
    }),
  )
})
