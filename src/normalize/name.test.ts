import { expect, test } from 'vitest'
import { cleanName, sameName } from './name.ts'

test.each([
  ['Nguyễn Thị Mận', 'Nguyễn Thị Mận'],
  ['  nguyễn   thị mận ', 'Nguyễn Thị Mận'],
  ['NGUYỄN THỊ MẬN', 'Nguyễn Thị Mận'],
  ['nguyen thi man', 'Nguyen Thi Man'],
  ['Nguyễn Thị Mận'.normalize('NFD'), 'Nguyễn Thị Mận'],
  ['Nguyễn\u00A0Thị\nMận.', 'Nguyễn Thị Mận'],
  ['ông Nguyễn Văn Mít', 'Nguyễn Văn Mít'],
  ['Ông: Nguyễn Văn Mít', 'Nguyễn Văn Mít'],
  ['BÀ NGUYỄN THỊ MẬN', 'Nguyễn Thị Mận'],
  ['Anh Nguyễn Văn Mít', 'Nguyễn Văn Mít'],
  ['ong nguyen van mit', 'Nguyen Van Mit'],
  ['ba Nguyen Thi Man', 'Nguyen Thi Man'],
  ['Mr. Mít', 'Mít'],
  ['Ms Mận', 'Mận'],
  ['anh Mít', 'Mít'],
  ['chị mận', 'Mận'],
  ['em Mận', 'Mận'],
  ['cô Mận', 'Mận'],
  ['đồng chí Lò Văn Ổi', 'Lò Văn Ổi'],
  ['đ/c Lò Văn Ổi', 'Lò Văn Ổi'],
  ['ông/bà Lò Văn Ổi', 'Lò Văn Ổi'],
  ['GS. Trần Văn Ổi', 'Trần Văn Ổi'],
  ['Anh Thư Đào', 'Anh Thư Đào'],
  ['ba mít', 'Ba Mít'],
  ['bé mận', 'Bé Mận'],
  ["h'linh niê", "H'Linh Niê"],
  ['y bler êban', 'Y Bler Êban'],
  ['Y Bler Mlô', 'Y Bler Mlô'],
  ['UBND XÃ NÀ MẬN', 'UBND Xã Nà Mận'],
  ['HTX NÔNG SẢN', 'HTX Nông Sản'],
  ['Công ty Thành Mận', 'Công ty Thành Mận'],
  ['🌸 Mận Mận 🌸', 'Mận Mận'],
  ['Mận K22', 'Mận K22'],
  ['Nguyễn Thị Mận - SĐT: 0912 345 678', 'Nguyễn Thị Mận'],
  ['Nguyễn Thị Mận <man@vnpt.vn>', 'Nguyễn Thị Mận'],
  ['0912345678 (chị Mận)', 'Mận'],
  ['Nguyễn Thị Mận (tổ trưởng)', 'Nguyễn Thị Mận'],
])('the name in %j is %j', (text, expected) => {
  expect(cleanName(text)).toBe(expected)
})

test.each([
  '',
  '  ',
  'em',
  'Ông',
  'chị',
  'ẩn danh',
  'ẨN DANH',
  'an danh',
  'Người dân',
  'Anonymous',
  '0912345678',
  '...',
  '🙏',
  'x'.repeat(200),
])('%j names nobody', (text) => {
  expect(cleanName(text)).toBeUndefined()
})

test.each([
  ['Nguyễn Thị Mận', 'nguyen thi man', true],
  ['bà Nguyễn Thị Mận', 'NGUYỄN  THỊ MẬN', true],
  ["H'Linh Niê", 'HLinh Nie', true],
  ['Hoàng Thuỷ', 'Hoàng Thủy', true],
  ['Nguyễn Thị Mận', 'Nguyễn Văn Mít', false],
  ['ẩn danh', 'ẩn danh', false],
  ['', '', false],
])('%j and %j are one person: %s', (a, b, expected) => {
  expect(sameName(a, b)).toBe(expected)
})
