import { expect, it } from 'vitest'
import { laterWord } from './later-word.ts'

it.each([
  ['Cảm ơn ạ', 'thanks'],
  ['Dạ em cảm ơn', 'thanks'],
  ['ok ad', 'thanks'],
  ['👍', 'thanks'],
  ['cảm ơn cơ quan đã xử lý nhanh', 'thanks'],
  ['Vâng, tôi biết rồi, cám ơn', 'thanks'],
  ['tks', 'thanks'],
  ['Cảm ơn nhưng vẫn chưa thấy ai đến', 'more'],
  ['Cảm ơn, mà chỗ trụ điện trước số 12 cũng nghiêng', undefined],
  ['Bao giờ thì xong vậy?', 'question'],
  ['Phản ánh của tôi đến đâu rồi', 'question'],
  ['sao lâu quá vậy', 'question'],
  ['Cho hỏi phản ánh này ai xử lý', 'question'],
  ['???', 'question'],
  ['bao h xu ly xong', 'question'],
  ['Tôi phản ánh thêm một việc nữa', 'new'],
  ['Còn một vấn đề khác: đèn đường tắt cả tuần', 'new'],
  ['Bổ sung: ngay cổng trường tiểu học', 'more'],
  ['Ảnh đây ạ', 'more'],
  ['quên nói, nhà số 15', 'more'],
  ['đến giờ vẫn chưa sửa', 'more'],
  ['Địa chỉ là 12 Nguyễn Huệ', 'more'],
  ['Chó thả rông cắn người ở chợ', undefined],
  ['', undefined],
  ['   ', undefined],
] as const)('%j: %s', (text, word) => {
  expect(laterWord(text)).toBe(word)
})
