import { describe, expect, test } from 'vitest'
import { findUnits, makeGazetteer, type NamedUnit } from './place.ts'

const units: readonly NamedUnit[] = [
  { code: '11', period: 'old', name: 'Điện Biên', type: 'Tỉnh' },
  { code: '094', period: 'old', name: 'Điện Biên Phủ', type: 'Thành phố', parent: '11' },
  { code: '100', period: 'old', name: 'Điện Biên', type: 'Huyện', parent: '11' },
  { code: '101', period: 'old', name: 'Điện Biên Đông', type: 'Huyện', parent: '11' },
  { code: '097', period: 'old', name: 'Mường Chà', type: 'Huyện', parent: '11' },
  { code: '03172', period: 'old', name: 'Mường Chà', type: 'Thị trấn', parent: '097' },
  { code: '03166', period: 'new', name: 'Mường Chà', type: 'Xã', parent: '11' },
  { code: '03127', period: 'old', name: 'Noong Bua', type: 'Phường', parent: '094' },
  { code: '760', period: 'old', name: 'Quận 1', type: 'Quận' },
  { code: '773', period: 'old', name: 'Quận 4', type: 'Quận' },
  { code: '771', period: 'old', name: 'Quận 10', type: 'Quận' },
  { code: '27292', period: 'old', name: 'Phường 5', type: 'Phường', parent: '773' },
  { code: '27100', period: 'old', name: 'Phường 5', type: 'Phường', parent: '771' },
  { code: '27298', period: 'old', name: 'Phường 12', type: 'Phường', parent: '773' },
  { code: '27000', period: 'old', name: 'Trần Phú', type: 'Phường', parent: '760' },
  { code: '27683', period: 'new', name: 'Thạnh An', type: 'Xã' },
  { code: '27684', period: 'old', name: 'Thanh An', type: 'Xã' },
  { code: '540', period: 'old', name: 'Quy Nhơn', type: 'Thành phố' },
  { code: '541', period: 'old', name: 'Hòa Bình', type: 'Xã' },
  { code: '542', period: 'old', name: 'Dĩ An', type: 'Thành phố' },
  { code: '24175', period: 'old', name: "M'Đrắk", type: 'Huyện' },
  { code: '24176', period: 'old', name: 'Krông Pắc', type: 'Huyện' },
  { code: '24177', period: 'old', name: 'Đắk Đoa', type: 'Huyện' },
  { code: '24178', period: 'old', name: 'Pleiku', type: 'Thành phố' },
  { code: '24179', period: 'old', name: 'Lắk', type: 'Huyện' },
  { code: '24180', period: 'old', name: 'EaBar', type: 'Xã' },
]
const gazetteer = makeGazetteer(units)

function named(text: string): string[] {
  return findUnits(text, gazetteer).map(({ units: found, start, end }) => {
    const codes = found.map(({ code }) => code).sort()
    return `${text.slice(start, end)} = ${codes.join(' ')}`
  })
}

describe('behind a type word', () => {
  test.each([
    ['ở xã Mường Chà nay', ['xã Mường Chà = 03166']],
    ['thị trấn Mường Chà', ['thị trấn Mường Chà = 03172']],
    ['TT. Mường Chà, h. Mường Chà', ['TT. Mường Chà = 03172', 'h. Mường Chà = 097']],
    ['huyen Muong Cha', ['huyen Muong Cha = 097']],
    ['phường Mường Chà', ['phường Mường Chà = 03166 03172']],
    ['P. Noong Bua, TP.Điện Biên Phủ', ['P. Noong Bua = 03127', 'TP.Điện Biên Phủ = 094']],
    ['tp dien bien phu', ['tp dien bien phu = 094']],
    ['tỉnh Điện Biên', ['tỉnh Điện Biên = 11']],
    ['Quận 1', ['Quận 1 = 760']],
    ['quan 1', ['quan 1 = 760']],
    ['Q.1, q1, Q 1', ['Q.1 = 760', 'q1 = 760', 'Q 1 = 760']],
    ['quận 01', ['quận 01 = 760']],
    ['Q10', ['Q10 = 771']],
    ['quận bốn', ['quận bốn = 773']],
    ['quan muoi', ['quan muoi = 771']],
    ['phường mười hai quận bốn', ['phường mười hai = 27298', 'quận bốn = 773']],
    ['xã Hòa Bình, xã Hoà Bình', ['xã Hòa Bình = 541', 'xã Hoà Bình = 541']],
    ['huyện Lắk, huyện Lắc', ['huyện Lắk = 24179', 'huyện Lắc = 24179']],
    ['xã Thạnh An', ['xã Thạnh An = 27683']],
    ['xã Thanh An', ['xã Thanh An = 27684']],
    ['xa thanh an', ['xa thanh an = 27683 27684']],
    ['XÃ MƯỜNG CHÀ'.normalize('NFD'), [`${'XÃ MƯỜNG CHÀ'.normalize('NFD')} = 03166`]],
    ['xã Mường\u200B  Chà', ['xã Mường\u200B  Chà = 03166']],
  ])('%j', (text, expected) => {
    expect(named(text)).toEqual(expected)
  })
})

describe('by a bare name', () => {
  test.each([
    ['đèn tắt ở Noong Bua rồi', ['Noong Bua = 03127']],
    ['den tat o noong bua roi', ['noong bua = 03127']],
    ['về Điện Biên Phủ, không phải Điện Biên', ['Điện Biên Phủ = 094', 'Điện Biên = 100 11']],
    ['Mường Chà', ['Mường Chà = 03166 03172 097']],
    ['Qui Nhơn, Quy Nhon', ['Qui Nhơn = 540', 'Quy Nhon = 540']],
    ["M'Đrắk, M’Drak, MĐrắk, m drak", ["M'Đrắk = 24175", 'M’Drak = 24175', 'MĐrắk = 24175', 'm drak = 24175']],
    ['Krông Pắc, Krông Pắk, krong pak', ['Krông Pắc = 24176', 'Krông Pắk = 24176', 'krong pak = 24176']],
    [
      'Đắk Đoa, Đăk Đoa, Đắc Đoa, dak doa',
      ['Đắk Đoa = 24177', 'Đăk Đoa = 24177', 'Đắc Đoa = 24177', 'dak doa = 24177'],
    ],
    ['Pleiku', ['Pleiku = 24178']],
    ['Ea Bar, EaBar', ['Ea Bar = 24180', 'EaBar = 24180']],
    ['phường 3 Điện Biên Phủ', ['Điện Biên Phủ = 094']],
    ['km12 Mường Chà', ['Mường Chà = 03166 03172 097']],
  ])('%j', (text, expected) => {
    expect(named(text)).toEqual(expected)
  })
})

describe('of several wards of a name, the one in the district beside it', () => {
  test.each([
    ['phường 5 quận 4', ['phường 5 = 27292', 'quận 4 = 773']],
    ['P5, Q10', ['P5 = 27100', 'Q10 = 771']],
    ['Quận 10 (phường 5)', ['Quận 10 = 771', 'phường 5 = 27100']],
    ['phường 5', ['phường 5 = 27100 27292']],
  ])('%j', (text, expected) => {
    expect(named(text)).toEqual(expected)
  })
})

test.each([
  ['a street', 'đường Điện Biên Phủ, hẻm 12 Trần Phú, 27/3 Trần Phú, số 5 Trần Phú'],
  ['an everyday word', 'mong được hòa bình'],
  ['an everyday word without its accents', 'toi di an com'],
  ['accents of another word', 'thành án, điển biên'],
  ['one syllable without its type', 'lắc lắc'],
  ['minutes and hours', '15p 5 giây, 5h 1'],
  ['trousers', 'quần 1, xắn quần lội'],
  ['a verb for a number', 'quận làm đường'],
  ['an office', 'cơ quan 1'],
  ['a number that no ward has', 'phường 99'],
  ['nothing', ''],
])('%s is no unit: %j', (_, text) => {
  expect(named(text)).toEqual([])
})

test('a surer mention has a higher confidence', () => {
  const confidence = (text: string) => findUnits(text, gazetteer)[0]!.confidence
  const order = ['phường Noong Bua', 'phuong noong bua', 'p. noong bua', 'Noong Bua, phường nào cũng được', 'noong bua']
  expect(order.map(confidence)).toEqual(order.map(confidence).toSorted((a, b) => b - a))
  expect(findUnits('huyện Điện Biên', gazetteer)[0]).toMatchObject({ typed: true, accented: true })
  expect(findUnits('dien bien phu', gazetteer)[0]).toMatchObject({ typed: false, accented: false })
})

test('an alias is one more entry of the same unit, and the unit comes once', () => {
  const known = makeGazetteer([...units, { code: '094', period: 'old', name: 'ĐBP', type: 'Thành phố', parent: '11' }])
  expect(findUnits('TP ĐBP', known)[0]?.units.map(({ code }) => code)).toEqual(['094'])
})
