import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseCode } from './code.ts'
import { findEmails, toEmail } from './email.ts'
import { findPersonal, type Known, mask } from './mask.ts'
import { cleanName, sameName } from './name.ts'
import { findPhones, toE164 } from './phone.ts'
import { findUnits, makeGazetteer } from './place.ts'
import { similarity } from './similar.ts'
import { clean, fold, foldKeepingOffsets, toneOld } from './text.ts'

const known: Known = {
  name: 'Nguyễn Thị Mận',
  phone: '0912345678',
  email: 'man.nguyen@vnpt.vn',
  address: '27/383 Lê Văn Mít, Tân Mận',
}
const gazetteer = makeGazetteer(
  ['Điện Biên', 'Điện Biên Phủ', 'Tân Mận', 'Tân Mận Đông', '5', '12'].map((name, i) => ({
    code: String(i),
    period: 'old',
    name,
    type: name.length < 3 ? 'Phường' : 'Xã',
  })),
)

/** What a rule could trip over, cut from what people write. */
const PIECES =
  'Nguyễn|Thị|Mận|nguyen thi man|NGUYỄN THỊ MẬN|Mận|chị|em tên|là|Văn|Đồng|đồng|đ|k|0912345678|0912.345.678|912 345 678|+84|(0)|84|0|o|O|ở|9|8|1022|0262.1022|' +
  '001203012345|123456789|1.500.000|09.01.2026|tháng|2026|21.|km|12+300|QL6|51F-123.45|51F|30A 12345|b1|-|.|,|/|(|)|: |stk|cccd|@|gmail.com|man.nguyen@vnpt.vn|a@b.vn|' +
  '27/383 Lê Văn Mít|Tân Mận|Đông|xã|p.|phường|5|q1|đường|Điện Biên Phủ|không|chín|một|mười|mươi|hai|●|●●●|🙏|\u200B|\u0301|\u0323|\u00A0|\n|ﬁ|½|㎞|０|\uD83D|\u0000'
const vietnamese = fc
  .array(fc.oneof(fc.constantFrom(...PIECES.split('|')), fc.constantFrom(' ', ' ', '')), { maxLength: 40 })
  .map((pieces) => pieces.join(''))
const mutated = fc
  .tuple(
    vietnamese,
    fc.constantFrom<((text: string) => string)[]>(
      (text) => text,
      (text) => text.normalize('NFD'),
      (text) => text.toUpperCase(),
      (text) => text.replaceAll(' ', '\u200B '),
      (text) => text.slice(1, -1),
      (text) => Array.from(text).reverse().join(''),
    ),
  )
  .map(([text, change]) => change(text))
const anything = fc.oneof(
  mutated,
  vietnamese,
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
)
const RUNS = { numRuns: 1500 }

describe('whatever the text', () => {
  test('nothing throws', () => {
    fc.assert(
      fc.property(anything, anything, (text, other) => {
        for (const read of [clean, fold, toneOld, toE164, toEmail, cleanName, parseCode]) read(text)
        sameName(text, other)
        mask(text, { name: other, phone: other, email: other, address: other })
        expect(similarity(fold(text), fold(other))).toBeLessThanOrEqual(1)
      }),
      RUNS,
    )
  })

  test('cleaning and folding twice change nothing, and what is clean folds as what is not', () => {
    fc.assert(
      fc.property(anything, (text) => {
        expect(clean(clean(text))).toBe(clean(text))
        expect(fold(fold(text))).toBe(fold(text))
        expect(fold(text.normalize('NFD'))).toBe(fold(text.normalize('NFC')))
      }),
      RUNS,
    )
  })

  test('spans lie inside the text, in order, and do not overlap', () => {
    fc.assert(
      fc.property(anything, (text) => {
        const found = [findPhones(text), findEmails(text), findPersonal(text, known), findUnits(text, gazetteer)]
        for (const spans of found) {
          let end = 0
          for (const span of spans) {
            expect(span.start).toBeGreaterThanOrEqual(end)
            expect(span.end).toBeGreaterThan(span.start)
            end = span.end
          }
          expect(end).toBeLessThanOrEqual(text.length)
        }
      }),
      RUNS,
    )
  })

  test('each character of a folded text knows its place', () => {
    fc.assert(
      fc.property(anything, (text) => {
        const { folded, at } = foldKeepingOffsets(text)
        expect(at).toHaveLength(folded.length + 1)
        for (let i = 0; i + 1 < at.length; i++) expect(at[i]).toBeLessThanOrEqual(at[i + 1]!)
        expect(at.at(-1)).toBeLessThanOrEqual(text.length)
      }),
      RUNS,
    )
  })

  test('a masked text holds nothing more to mask', () => {
    fc.assert(
      fc.property(anything, (text) => {
        const masked = mask(text, known)
        expect(mask(masked, known)).toBe(masked)
        expect(findPhones(masked)).toEqual([])
        expect(findEmails(masked)).toEqual([])
      }),
      { numRuns: 4000 },
    )
  })

  test('a phone, a name, an address put into any text are gone from it once masked', () => {
    const planted = fc.constantFrom(
      '0912.345.678',
      '+84 987 654 321',
      'Nguyễn  Thị\nMận',
      'nguyen thi man',
      'ai.do@gmail.com',
      '001203012345',
    )
    fc.assert(
      fc.property(vietnamese, planted, vietnamese, (before, secret, after) => {
        fc.pre(!fold(before + after).includes(fold(secret)))
        const masked = fold(mask(`${before} | ${secret} | ${after}`, known))
        expect(masked).not.toContain(fold(secret))
      }),
      RUNS,
    )
  })
})

const masked = (text: string) => mask(text, known)
const named = (text: string) => findUnits(text, gazetteer)
const MEGABYTE = 1_000_000
const fill = (piece: string) => piece.repeat(Math.ceil(MEGABYTE / piece.length)).slice(0, MEGABYTE)

/** Quadratic work on these would take minutes to hours: at each, a rule could start over at every character. */
test.each<[what: string, of: string, read: (text: string) => unknown, text: string]>([
  ['cleaning', 'unordered combining marks', clean, `a${'\u0301'.repeat(MEGABYTE / 2)}${'\u0323'.repeat(MEGABYTE / 2)}`],
  ['cleaning', 'zero-widths', clean, fill('\u200D')],
  ['folding', 'punctuation', fold, fill('.,')],
  ['tone placement', 'syllables', toneOld, fill('hoà')],
  ['phones', 'digits apart', findPhones, fill('0 9 ')],
  ['phones', 'letters that may be zeros', findPhones, fill('o')],
  ['phones', 'numbers that lack a digit', findPhones, fill('0912 345 67 ')],
  ['phones', 'spoken tens', findPhones, fill('không chín mười ')],
  ['addresses', 'at signs', findEmails, fill('a@a.')],
  ['addresses', 'letters', findEmails, fill('a')],
  ['masking', 'digits apart', masked, fill('0 9 ')],
  ['masking', 'zeros that may be letters', masked, fill('0o')],
  ['masking', 'most of a name', masked, fill('Nguyễn Thị ')],
  ['masking', 'blanks inside a name', masked, `Nguyễn${fill(' ')}Thị Mận`],
  ['masking', 'plates that lack a digit', masked, fill('51F-123.4 ')],
  ['masking', 'sentences', masked, fill('Đèn đường trước chợ Tân Mận tắt, sđt 0912.345.678. ')],
  ['units', 'names', named, fill('phường 5 Điện Biên Đông ')],
  ['units', 'sentences', named, fill('Đèn đường trước chợ Tân Mận tắt, xã Điện Biên. ')],
  ['similarity', 'words', (text: string) => similarity(text, text), fill('duong so ')],
  ['names', 'titles', cleanName, fill('anh ')],
  ['codes', 'symbols', parseCode, fill('DB')],
])('%s: a megabyte of %s is read in bounded time', { timeout: 60_000 }, (_, __, read, text) => {
  read(text)
})
