import { expect, test } from 'vitest'
import { findEmails, toEmail } from './email.ts'

test.each([
  ['lan.anh@gmail.com', 'lan.anh@gmail.com'],
  [' Lan.Anh@Gmail.COM ', 'lan.anh@gmail.com'],
  ['Lan Anh <lan_anh+paht@vnpt.com.vn>', 'lan_anh+paht@vnpt.com.vn'],
  ['mailto:lan@dienbien.gov.vn', 'lan@dienbien.gov.vn'],
  ['lan @ gmail.com', 'lan@gmail.com'],
  ['lan@ yahoo.com.vn', 'lan@yahoo.com.vn'],
  ['lan (at) vnpt.vn', 'lan@vnpt.vn'],
  ['lan[at]vnpt.vn', 'lan@vnpt.vn'],
  ['lan＠vnpt.vn', 'lan@vnpt.vn'],
  ['lan\u200B@vnpt.vn', 'lan@vnpt.vn'],
  ['lan@gmail.com.', 'lan@gmail.com'],
  ['lan@gmail.com, hung@vnpt.vn', 'lan@gmail.com'],
  ['lan@gmail.com0912345678', 'lan@gmail.com'],
])('the address in %j is %j', (text, expected) => {
  expect(toEmail(text)).toBe(expected)
})

test.each([
  ['no sign', 'lan.gmail.com'],
  ['no domain', 'lan@'],
  ['no top-level domain', 'lan@localhost'],
  ['a mention', 'cảm ơn @ubnd'],
  ['"at" as a word', 'hẹn gặp @ 5pm.vn'],
  ['accents put in by autocorrection: a notice would go to someone else', 'lânanh@gmail.com'],
  ['dots in a row', 'lan..anh@gmail.com'],
  ['a dot before the sign', 'lan.@gmail.com'],
  ['nothing', ''],
])('%s is no address: %j', (_, text) => {
  expect(findEmails(text)).toEqual([])
})

test('addresses in running text are found where they stand', () => {
  const text = 'Từ: Lan <LAN@vnpt.vn>\nĐến: hung@gmail.com; cc hoa @ gmail.com.'
  const found = findEmails(text)
  expect(found.map(({ value }) => value)).toEqual(['lan@vnpt.vn', 'hung@gmail.com', 'hoa@gmail.com'])
  expect(found.map(({ start, end }) => text.slice(start, end))).toEqual([
    'LAN@vnpt.vn',
    'hung@gmail.com',
    'hoa @ gmail.com',
  ])
})
