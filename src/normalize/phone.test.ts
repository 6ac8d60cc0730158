import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { describe, expect, test } from 'vitest'
import { findPhones, lastFour, toE164 } from './phone.ts'

describe('one number, as people write it', () => {
  test.each([
    '0912345678',
    '0912.345.678',
    '0912 345 678',
    '0912-345-678',
    '0912,345,678',
    '09 12 34 56 78',
    '0912 34 56 78',
    '0 9 1 2 3 4 5 6 7 8',
    '(0912) 345 678',
    '0912\u00A0345\u2009678',
    '0912\u200B345\u200B678',
    '０９１２３４５６７８',
    '0️⃣9️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣',
    'O912345678',
    'o912345678',
    '84912345678',
    '84 912 345 678',
    '+84912345678',
    '+84 912 345 678',
    '+84 (0) 912 345 678',
    '+84 (0)912.345.678',
    '+84 0912 345 678',
    '(+84) 912 345 678',
    '84(0)912345678',
    '0084912345678',
    'ĐT: 0912345678 (chị Lan)',
    'sđt0912345678',
    'tel:+84912345678',
    '0912345678.',
    'không chín một hai ba bốn năm sáu bảy tám',
    'khong chin mot hai ba bon nam sau bay tam',
    'không chín mười hai ba mươi bốn năm mươi sáu bảy mươi tám',
    'KHÔNG CHÍN MỘT HAI ba tư lăm sáu bẩy tám',
    '0912 ba bốn năm 678',
  ])('%s', (text) => {
    expect(toE164(text)).toBe('+84912345678')
  })

  test('letters o for zeros anywhere', () => {
    expect(toE164('O9O2 oo1 OO2')).toBe('+84902001002')
  })
})

test.each([
  ['01201234567', '+84701234567'],
  ['0121.123.4567', '+84791234567'],
  ['0122 123 4567', '+84771234567'],
  ['01261234567', '+84761234567'],
  ['01281234567', '+84781234567'],
  ['01231234567', '+84831234567'],
  ['01241234567', '+84841234567'],
  ['01251234567', '+84851234567'],
  ['01271234567', '+84811234567'],
  ['01291234567', '+84821234567'],
  ['01621234567', '+84321234567'],
  ['0163 1234 567', '+84331234567'],
  ['01641234567', '+84341234567'],
  ['01651234567', '+84351234567'],
  ['01661234567', '+84361234567'],
  ['01671234567', '+84371234567'],
  ['01681234567', '+84381234567'],
  ['+84 169 123 4567', '+84391234567'],
  ['01861234567', '+84561234567'],
  ['01881234567', '+84581234567'],
  ['01991234567', '+84591234567'],
])('the mobile number of 11 digits %s is %s since 15/9/2018', (text, expected) => {
  expect(toE164(text)).toBe(expected)
})

test.each([
  ['0215 3899 027', '+842153899027'],
  ['(0262) 3834 511', '+842623834511'],
  ['0256.3822.123', '+842563822123'],
  ['028 3931 5572', '+842839315572'],
  ['(028)39315572', '+842839315572'],
  ['+84 28 3931 5572', '+842839315572'],
  ['0230 3822 123', '+842153822123'],
  ['0500.3822123', '+842623822123'],
  ['0780 3822 123', '+842903822123'],
  ['0781 3822 123', '+842913822123'],
  ['0650 3822 123', '+842743822123'],
  ['057 3822 123', '+842573822123'],
  ['064 3822 123', '+842543822123'],
  ['(08) 3822 1234', '+842838221234'],
  ['08 3822 1234', '+842838221234'],
  ['0838 221 234', '+84838221234'],
  ['056 3822 123', '+84563822123'],
])('the landline %s is %s', (text, expected) => {
  expect(toE164(text)).toBe(expected)
})

test.each([
  ['a hotline', '1022'],
  ['a province’s hotline', '0262.1022'],
  ['a hotline and what follows it', '0262.1022 345'],
  ['emergency numbers', '111 112 113 114 115'],
  ['a service number', '1900 1234'],
  ['a free number', '1800.6168'],
  ['a digit too few', '0912 345 67'],
  ['a digit too many', '09123456789'],
  ['a prefix nobody has', '0955 345 678'],
  ['an identity number', '001203012345'],
  ['an identity number in groups', '092 203 012 345'],
  ['an old identity number', '012345678'],
  ['a year', 'năm 2026'],
  ['a date and a time', '09.01.2026 15h30'],
  ['a date with blanks', 'ngày 09 01 2026 15 giờ'],
  ['a month and a house number', 'tháng 08.2026 0912'],
  ['two dates', '07.8.2026 - 15.8.2026'],
  ['kilometre posts', 'QL6 Km 0389+123 456'],
  ['money', '84.912.345.678 đồng'],
  ['money without a unit', '500.000.000'],
  ['a plate', '51F-123.45'],
  ['a case number', '26-03-118'],
  ['a house in an alley', 'số 09/12/345/678'],
  ['another country', '+1 415 555 2671'],
  ['nothing', ''],
])('%s is no contact: %j', (_, text) => {
  expect(findPhones(text)).toEqual([])
})

describe('in running text', () => {
  test.each([
    ['Gọi cho tôi 0912.345.678 hoặc 0987 654 321 nhé.', ['0912.345.678', '0987 654 321']],
    ['0912345678/0987654321', ['0912345678', '0987654321']],
    ['0912 345 678 - 0987 654 321', ['0912 345 678', '0987 654 321']],
    ['ở 12 Lê Lợi 0912345678', ['0912345678']],
    ['Nhà số 84 0912345678', ['0912345678']],
    ['hồi 19h30 ngày 05.11.2026 0912345678 báo', ['0912345678']],
    ['xe 51F-123.45 sđt +84 (0) 912 345 678, cám ơn', ['+84 (0) 912 345 678']],
    [
      'em ở Pá Khoang số không chín một hai ba bốn năm sáu bảy tám năm nay',
      ['không chín một hai ba bốn năm sáu bảy tám'],
    ],
    ['nhà em ở 0912345678', ['0912345678']],
    ['0912345678ở đây', ['0912345678']],
    ['(0215) 3899 027, 1022', ['(0215) 3899 027']],
    ['điện thoa\u0323i:\n0912\n345\n678\nHết', ['0912\n345\n678']],
  ])('%j', (text, expected) => {
    expect(findPhones(text).map(({ start, end }) => text.slice(start, end))).toEqual(expected)
  })
})

test('what is found is a valid number by the published numbering plan, or of a range younger than it', () => {
  const YOUNGER = /^\+84(?:5[259]|89|99)/
  for (let prefix = 0; prefix < 1000; prefix++) {
    const text = `0${String(prefix).padStart(3, '0')}345678`
    const value = toE164(text)
    if (value && !YOUNGER.test(value)) expect(parsePhoneNumberFromString(value)?.isValid(), value).toBe(true)
  }
})

test('two people can speak of a number by its last four digits', () => {
  expect(lastFour('+84912345678')).toBe('5678')
})
