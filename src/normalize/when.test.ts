import { describe, expect, it } from 'vitest'
import { fromLunar } from './lunar.ts'
import { say } from './said.ts'
import { readWhen } from './when.ts'

/** A Thursday. */
const AT = '2026-01-22T08:15:00+07:00'
const when = (text: string, at = AT) => readWhen(say(text), new Date(at))?.value

describe('a time is read as seen from the message', () => {
  it.each([
    ['Sáng nay cống trào lên đường', '2026-01-22'],
    ['Từ 5h30 sáng nay nước đen chảy ra', '2026-01-22T05:30:00+07:00'],
    ['5h sáng hôm qua xe tải lật ở chân đèo', '2026-01-21T05:00:00+07:00'],
    ['Tối qua mất điện cả xóm', '2026-01-21'],
    ['toi qua mat dien ca xom, 20h moi co', '2026-01-21T20:00:00+07:00'],
    ['Hôm kia có bão, cây đổ', '2026-01-20'],
    ['hồi nãy có đám đánh nhau trước quán', '2026-01-22'],
    ['Vừa có tai nạn ở vòng xoay', '2026-01-22T08:15:00+07:00'],
    ['Mất nước từ thứ hai tới giờ', '2026-01-19'],
    ['mat nuoc tu thu 2 den nay', '2026-01-19'],
    ['Chủ nhật rồi xe khách tông cột điện', '2026-01-18'],
    ['Xe đổ đất xuống kênh tối 20/1', '2026-01-20'],
    ['Mất nước từ ngày 5/1 đến nay', '2026-01-05'],
    ['Ngày 15 tháng 1 có đoàn xuống đo', '2026-01-15'],
    ['lúc 11 giờ đêm qua quán vẫn mở loa', '2026-01-21T23:00:00+07:00'],
    ['tối hôm qua chừng chín rưỡi tối xe lật', '2026-01-21T21:30:00+07:00'],
    ['sự cố lúc 7g30 sáng nay', '2026-01-22T07:30:00+07:00'],
    ['rạng sáng nay cháy kho', '2026-01-22'],
  ])('%s', (text, expected) => {
    expect(when(text)).toBe(expected)
  })

  it('by the Vietnamese calendar, the last such day', () => {
    expect(when('Mùng 4 Tết má tôi bị giật bóp', '2026-02-22T08:30:00+07:00')).toBe('2026-02-20')
    expect(when('đêm 30 tết đốt pháo', '2026-02-20T08:00:00+07:00')).toBe('2026-02-16')
    expect(when('hôm rằm tháng giêng nước lên', '2026-03-10T08:00:00+07:00')).toBe('2026-03-03')
  })

  it('after midnight this evening is the one before', () => {
    expect(when('tối nay quán hát ầm ĩ', '2026-01-22T00:40:00+07:00')).toBe('2026-01-21')
  })

  it.each([
    'Đêm nào cũng đốt rác, từ 21h đến 23h',
    'Mấy hôm nay không có nước',
    'cúp nước ba ngày nay rồi',
    'Cả tuần nay đèn không sáng',
    'Người ta chở tới đổ lúc 3-4h sáng mỗi ngày',
    'Quyết định số 118 ngày 15/12/2025 không đúng',
    'Tối thứ 7 nào cũng mở loa',
    'Chạy từ 22h tới 4h sáng',
    'hư 2/3 thang máy',
    'Ngày mai họ đổ bê tông',
    'Đường đi sang năm xã đều hỏng',
    'Thư này gửi lần thứ ba',
    '',
  ])('no single day: %s', (text) => {
    expect(when(text)).toBeUndefined()
  })
})

it.each([
  [2000, '2000-02-05'],
  [2007, '2007-02-17'], // a day before China's
  [2020, '2020-01-25'],
  [2025, '2025-01-29'],
  [2026, '2026-02-17'],
  [2027, '2027-02-06'],
  [2030, '2030-02-02'], // a day before China's
])('Tết of %i is %s', (year, day) => {
  const found = fromLunar({ year, month: 1, day: 1 })!
  expect(new Date(Date.UTC(found.year, found.month - 1, found.day)).toISOString().slice(0, 10)).toBe(day)
})
