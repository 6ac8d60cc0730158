import { describe, expect, test } from 'vitest'
import { findPersonal, type Known, MARK, mask } from './mask.ts'

const known: Known = {
  name: 'Nguyễn Thị Mận',
  phone: '+84912345678',
  email: 'man.nguyen@vnpt.vn',
  address: '27/383 Lê Văn Mít, Tân Mận, TP. Nà Ổi',
}

/** Everything in brackets must be masked, and nothing else. */
function parts(marked: string): { text: string; masked: string } {
  return { text: marked.replace(/[⟦⟧]/g, ''), masked: marked.replace(/⟦[^⟧]*⟧/g, MARK) }
}

const MASKED: readonly (readonly [string, string])[] = [
  ['a phone, dotted', 'gọi ⟦0912.345.678⟧ nhé'],
  ['a phone, with country code', 'gọi ⟦+84 (0) 912 345 678⟧ nhé'],
  ['a phone of somebody else', 'số của ông ấy là ⟦0987 654 321⟧, lần trước ⟦01687654321⟧'],
  ['a phone as spoken', 'số ⟦không chín một hai ba bốn năm sáu bảy tám⟧ ạ'],
  ['a phone with letters for zeros', 'zalo ⟦O9O2OO1OO2⟧'],
  ['a phone of others, oddly divided', '⟦0987/654/321⟧ ⟦0987*654*321⟧ ⟦0987.65.43.21⟧ ⟦0 9 8 7 6 5 4 3 2 1⟧'],
  ['a landline', 'máy bàn ⟦(0215) 3899 027⟧'],
  ['a foreign phone', 'viber ⟦+1 415 555 2671⟧'],
  ['the reporter’s phone without its zero', 'số 912 làm, là ⟦912 345 678⟧'],
  ['the reporter’s phone with slashes', 'là ⟦0912/345/678⟧'],
  ['addresses', 'thư ⟦man.nguyen@vnpt.vn⟧ hay ⟦ai.do+1@gmail.com⟧'],
  ['an address apart', 'mail ⟦ai.do @ gmail.com⟧, ⟦ai.do(at)vnpt.vn⟧'],
  ['the reporter’s mailbox without its domain', 'nick ⟦man.nguyen⟧'],
  ['an identity number', 'CCCD ⟦001203012345⟧, cũ ⟦012345678⟧'],
  ['an identity number in groups', 'cccd số ⟦001 203 012 345⟧ cấp 2021'],
  ['an identity number, digit by digit', '⟦0 0 1 2 0 3 0 1 2 3 4 5⟧'],
  ['an old identity number in groups behind its word', 'CMND: ⟦123 456 789⟧'],
  ['plates of cars', 'xe ⟦51F-123.45⟧, ⟦30A 12345⟧, ⟦30A-1234⟧, ⟦51f12345⟧ và ⟦29LD-123.45⟧, ⟦51 F 123.45⟧'],
  ['plates of motorcycles', '⟦27B1-123.45⟧ ⟦59-X1 123.45⟧ ⟦59x1 12345⟧ ⟦29MĐ1-123.45⟧'],
  ['a plate behind its word', 'biển số ⟦27 b 1234⟧; bks: ⟦30a 12345⟧'],
  ['accounts', 'stk ⟦1903 6789 01⟧ Techcombank; ⟦19036789012345⟧; thẻ ⟦9704 1234 5678 9012⟧'],
  ['the full name', '⟦Nguyễn Thị Mận⟧ đây'],
  ['the full name in capitals', 'KÍNH GỬI, ⟦NGUYỄN THỊ MẬN⟧'],
  ['the full name without accents', 'toi la ⟦nguyen thi man⟧ o to 5'],
  ['the full name over lines', '⟦Nguyễn   Thị\n\nMận⟧'],
  ['the full name with dots and dashes', 'ký: ⟦Nguyễn.Thị-Mận⟧'],
  ['the full name as one word', 'tệp ⟦nguyenthiman⟧2.jpg'],
  ['the full name glued to a phone', '⟦Nguyễn Thị Mận⟧⟦0912345678⟧'],
  ['every occurrence', '⟦Nguyễn Thị Mận⟧, ⟦nguyen thi man⟧, ⟦Nguyễn Thị Mận⟧'],
  ['the last two words', 'cháu ⟦Thị Mận⟧ nhà bên'],
  ['the last word behind a form of address', 'chị ⟦Mận⟧ đây, em tên ⟦mận⟧, tôi là ⟦Mận⟧'],
  ['the last word before a phone', '⟦Mận⟧ - ⟦0987654321⟧; ⟦Mận⟧, sđt ⟦0987654321⟧'],
  ['the address', 'nhà tôi ⟦27/383 Lê Văn Mít, Tân Mận, TP. Nà Ổi⟧'],
  ['the house', 'ở số ⟦27/383 le van mit⟧ phường khác'],
]

const KEPT: readonly (readonly [string, string])[] = [
  ['roads and kilometre posts', 'QL6 km 12+300, ĐT.142, QL14B Km0389+123 456, TL 10A'],
  ['years', 'từ năm 2019 2020 2021 2022 đến 2026'],
  ['when a card was given', 'CCCD cấp ngày 09.01.2026, từ năm 2021 ba lần; tài khoản thu 500.000 đ'],
  ['dates and times', '09.01.2026 15:30, ngày 5/11/2026 lúc 19h30, 7g30, 2026-11-05 08:30:00, tháng 08.2026 0912'],
  ['money', '500.000 đồng, 1.500.000.000 đ, 84.913.345.678 đồng, 500000000 VNĐ, 300-500k'],
  ['measures', 'dài 1,2 km rộng 20 m2 12000 người, 15k 20000, 10h 12345'],
  ['house numbers', 'số 123/45/6, số 09/13/345/678, nhà 12A, lô B12, 567 Lê Duẩn, các nhà 123 125 127 129'],
  ['hotlines', '1022, 0262.1022, 113, 1900 1234'],
  ['case numbers and decisions', 'PA số 26-03-118, QĐ 118/QĐ-UBND, số 0352/2026/12, hồ sơ DB-26-7K3M-9QXT'],
  ['coordinates of the matter', '21.386812345, 103.015512345'],
  ['another house of the street', '5/27/383 Lê Văn Mít và 1/27/383 Lê Văn Mít'],
  ['words that the name is made of', 'mận bán đầy chợ, thị trường mận, nguyễn trãi'],
  ['other people, as nobody knows them to be the reporter', 'ông Trần Văn Cam'],
  ['an empty text', ''],
]

/** As texts come: typed, from a phone that decomposes, shouted, with invisible characters between the letters. */
const FORMS: readonly (readonly [string, (text: string) => string])[] = [
  ['as it is', (text) => text],
  ['in NFD', (text) => text.normalize('NFD')],
  ['in capitals', (text) => text.toUpperCase()],
  ['with zero-widths', (text) => text.replace(/(?<=[\p{L}\p{N}])(?=[\p{L}\p{N}])/gu, '\u200B')],
]

describe.each(FORMS)('%s', (form, shape) => {
  test.each(MASKED)('%s: masked', (_, marked) => {
    const { text, masked } = parts(marked)
    const shaped = mask(shape(text), known)
    expect(shaped).toBe(shape(masked))
    expect(mask(shaped, known)).toBe(shaped)
  })

  test.each(KEPT)('%s: kept', (_, text) => {
    if (form === 'in capitals') return
    expect(mask(shape(text), known)).toBe(shape(text))
  })
})

test('pieces are told apart by kind, and point into the text as it was given', () => {
  const text = 'Nguye\u0302\u0303n Thị Mận 0912345678 man.nguyen@vnpt.vn 51F-123.45 001203012345 1903678901234'
  expect(findPersonal(text, known).map(({ kind, start, end }) => [kind, text.slice(start, end)])).toEqual([
    ['name', 'Nguye\u0302\u0303n Thị Mận'],
    ['phone', '0912345678'],
    ['email', 'man.nguyen@vnpt.vn'],
    ['plate', '51F-123.45'],
    ['id', '001203012345'],
    ['account', '1903678901234'],
  ])
})

describe('names that are other words as well', () => {
  test.each([
    ['Trần Công An', 'báo công an phường, công an xã', []],
    ['Trần Công An', 'em là Công An, anh Công An đây', ['Công An', 'Công An']],
    ['Lê Quang Mận', 'ngã tư đường Quang Mận, phường Quang Mận', []],
    ['Lê Quang Mận', 'tôi, Quang Mận, xin báo', ['Quang Mận']],
    ['Lê Quang Mận', 'gửi cho Quang Mận, bạn Quang Mận', ['Quang Mận', 'Quang Mận']],
    ['Lê Văn Bình', 'thùng vạn bình', []],
    ['Lê Văn Bình', 'van binh xin bao', ['van binh']],
    ['Thảo Mận Nguyễn', 'Nguyễn Thảo Mận, em Mận', ['Nguyễn Thảo Mận', 'Mận']],
    ['Trần Thị Em', 'anh em, chị em trong xóm', []],
    ['mận', 'mận chín; cô tên mận', ['mận']],
    ['Ngọc Châu Phan', 'gần ngã ba Phan Đăng Mít', []],
    ['em', 'em báo', []],
    ['●', '● a', []],
    ["H'Linh Niê", 'tôi là H Linh Nie, H’Linh Niê', ['H Linh Nie', 'H’Linh Niê']],
    ['Bùi Thuý Mận', 'Bùi Thúy Mận', ['Bùi Thúy Mận']],
  ])('%s in %j', (name, text, expected) => {
    expect(findPersonal(text, { name }).map(({ start, end }) => text.slice(start, end))).toEqual(expected)
  })
})

test('money is money only while its word is nobody’s name', () => {
  const masked = mask('123456789 Đồng Văn Mít', { name: 'Lê Đồng Văn Mít' })
  expect(mask(masked, { name: 'Lê Đồng Văn Mít' })).toBe(masked)
})

test('an address that is only a place is not taken out of the text', () => {
  expect(mask('ngập ở Tân Mận', { address: 'Tân Mận' })).toBe('ngập ở Tân Mận')
  expect(mask('chợ Mận, TT Mận, Tây Ổi ngập', { address: 'Chợ Mận, TT Mận, Tây Ổi' })).toBe(`${MARK} ngập`)
})
