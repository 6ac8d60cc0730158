import fc from 'fast-check'
import { expect, it } from 'vitest'
import { withoutAccents } from './accents.ts'

it.each([
  ['Đường bị hỏng ở xã Mường Nhé', 'Duong bi hong o xa Muong Nhe'],
  ['ĐẮK LẮK, Quốc lộ 14', 'DAK LAK, Quoc lo 14'],
  ['Ðường (Icelandic Ð), ƉÔNG', 'Duong (Icelandic D), DONG'],
  ['Đường bị hỏng'.normalize('NFD'), 'Duong bi hong'],
  ['Mã: DB-26-7K3M-9QXT https://a.vn/x?y=1', 'Mã: DB-26-7K3M-9QXT https://a.vn/x?y=1'.replace('ã', 'a')],
  ['👍🏽 中文 한국어', '👍🏽 中文 한국어'],
  ['', ''],
])('%s → %s', (text, plain) => {
  expect(withoutAccents(text)).toBe(plain)
})

it('changes nothing the second time, whatever the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(withoutAccents(withoutAccents(text))).toBe(withoutAccents(text))
    }),
  )
})
