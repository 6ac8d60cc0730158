import { describe, expect, it } from 'vitest'
import { withoutContacts } from './without-contacts.ts'

const HOAI = { name: 'Lò Thị Hoài Thương', phone: '+84912345678', email: 'hoaithuong.lo@example.vn' }
const OFFICE = 'gọi 0215 3825 333, ubnd.muongnhe@dienbien.gov.vn'

describe('an answer that quotes the reporter', () => {
  it.each<[string, string, string]>([
    ['the name', 'Bà Lò Thị Hoài Thương đã báo.', 'Bà ●●● đã báo.'],
    ['the name shouted', 'Gửi LÒ THỊ HOÀI THƯƠNG:', 'Gửi ●●●:'],
    ['the name without accents', 'Gui ba Lo Thi Hoai Thuong', 'Gui ba ●●●'],
    ['the given name after a form of address', 'Cảm ơn chị Hoài Thương.', 'Cảm ơn chị ●●●.'],
    ['the number', 'theo số 0912345678', 'theo số ●●●'],
    ['the number in groups', 'theo số 0912.345.678', 'theo số ●●●'],
    ['the number with the country', 'theo số +84 912 345 678', 'theo số ●●●'],
    ['the number with slashes', 'theo số 912/345/678', 'theo số ●●●'],
    ['the address', 'thư HoaiThuong.Lo@Example.vn', 'thư ●●●'],
    ['the part before the @', 'tài khoản hoaithuong.lo trên cổng', 'tài khoản ●●● trên cổng'],
  ])('is shown without %s', (_, text, shown) => {
    expect(withoutContacts(text, [HOAI])).toBe(shown)
  })

  it.each<[string, string]>([
    ['an identity number', 'CCCD 011190001234'],
    ['a plate', 'xe 27B1-456.78'],
  ])('is shown without anybody’s %s', (_, text) => {
    expect(withoutContacts(text, [HOAI])).toMatch(/^\S+ ●●●$/)
  })

  it('keeps where the office can be reached', () => {
    expect(withoutContacts(`Đã sửa, ${OFFICE}.`, [HOAI])).toBe(`Đã sửa, ${OFFICE}.`)
  })

  it('is shown without any of several reporters', () => {
    const other = { name: 'Vàng Thị Kiểm', phone: '+84987654321' }
    const text = 'Bà Lò Thị Hoài Thương (0912345678) và bà Vàng Thị Kiểm (0987654321)'
    expect(withoutContacts(text, [HOAI, other])).toBe('Bà ●●● (●●●) và bà ●●● (●●●)')
  })
})

describe('an answer about somebody who is not known', () => {
  it.each<[string, Parameters<typeof withoutContacts>[1]]>([
    ['nobody', []],
    ['one who was erased', [{}]],
    ['one of two who was erased', [HOAI, {}]],
  ])('is shown without anybody’s number or address: %s', (_, contacts) => {
    const text = 'Gọi 0987654321 hoặc 0912345678, thư lan@example.vn, CCCD 011190001234'
    expect(withoutContacts(text, contacts)).toBe('Gọi ●●● hoặc ●●●, thư ●●●, CCCD ●●●')
  })
})

it('is the same when it is done twice', () => {
  const once = withoutContacts('Bà Lò Thị Hoài Thương, 0912345678', [HOAI])
  expect(withoutContacts(once, [HOAI])).toBe(once)
})
