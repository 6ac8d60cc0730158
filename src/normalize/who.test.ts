import { describe, expect, it } from 'vitest'
import { say } from './said.ts'
import { asksSecrecy, readWho } from './who.ts'

const part = (text: string, signed = true, from = 'text') => ({ from, said: say(text), signed })
const nameIn = (text: string, given?: string) =>
  readWho(given === undefined ? {} : { name: given }, [part(text)]).name?.value
const talk = (...turns: string[]) =>
  readWho({}, [
    part(turns.map((turn, i) => `${i % 2 === 0 ? 'operator' : 'citizen'}: ${turn}`).join('\n'), false, 'aside'),
  ]).name?.value

describe('the name that a writer gives', () => {
  it.each([
    ['Tôi tên Vũ Thị Mẫu, ở thôn 4', 'Vũ Thị Mẫu'],
    ['Em tên là Lò Thị Gửi ạ, nhà em mất nước', 'Lò Thị Gửi'],
    ['Tôi là Trần Văn Mẫu, ngụ phường 3', 'Trần Văn Mẫu'],
    ['Duong hu het roi, de nghi sua. Nguyen Van Mau, TDP 3', 'Nguyen Van Mau'],
    ['Rác nhiều quá không ai hốt. Lưu Gia Mẫn', 'Lưu Gia Mẫn'],
    ['Cho rac nhieu qua. Chi Ngoc ban ca', 'Ngoc'],
    ['Toi Y Wan Nie o buon Tria, duong buon hu het', 'Y Wan Nie'],
    ['Kính mong xử lý.\nHiệu trưởng Dương Thị Mẫu\nĐT: 0912.345.678', 'Dương Thị Mẫu'],
    ['Xin xem giúp. Lan Hương 0912.345.678', 'Lan Hương'],
  ])('%s', (text, name) => {
    expect(nameIn(text)).toBe(name)
  })

  it.each([
    'Đường tên gì không biết mà hư quá. Đề nghị sửa',
    'Xin đừng nêu tên tôi',
    'quan ten Gio Chieu mo nhac lon',
    'Cam on',
    'Nuoc ngap vao nha. Xin xu ly gap',
    '',
  ])('none in: %s', (text) => {
    expect(nameIn(text)).toBeUndefined()
  })

  it('counts where the envelope names an office, a shop or nobody, and not where it names the same person in full', () => {
    expect(nameIn('Kính gửi. Giám đốc: Nguyễn Duy Mẫu – 0912 345 678', 'HTX Nông sản Ví Dụ')).toBe('Nguyễn Duy Mẫu')
    expect(nameIn('Hà - 0912 345 678', 'Lý Thanh Hà')).toBe('Lý Thanh Hà')
    expect(nameIn('Mong sớm sửa', 'UBMTTQ xã Ví Dụ')).toBe('UBMTTQ xã Ví Dụ')
    expect(nameIn('em tên là Lan', 'ẩn danh')).toBe('Lan')
  })
})

describe('the name in a talk', () => {
  it.each([
    ['dạ anh tên gì ạ', 'em tên là lê công mẫn', 'lê công mẫn'],
    ['dạ cho em xin tên', 'tư hải', 'tư hải'],
    ['bác cho cháu xin tên ạ', 'bác là thịnh', 'thịnh'],
    ['dạ anh tên gì', 'anh tên nghĩa nhanh giùm em ơi', 'nghĩa'],
    ['cho em xin họ tên với số điện thoại', 'chị tên bảo quyên số không chín không sáu', 'bảo quyên'],
    ['bác tên gì', 'tôi y bler êban nó có đèn pin', 'y bler êban'],
  ])('%s / %s', (asked, answer, name) => {
    expect(talk(asked, answer)?.toLowerCase()).toBe(name)
  })
})

describe('numbers and addresses', () => {
  it('of the writer, and not of a hotline or of others', () => {
    const who = (text: string) => readWho({}, [part(text)])
    expect(who('Em tên Vy sđt 0702443918').phone?.value).toBe('+84702443918')
    expect(who('Gọi hotline 0912345678 không ai nghe, sđt em 0987654321').phone?.value).toBe('+84987654321')
    expect(who('Liên hệ: lan.mau@dan.example').email?.value).toBe('lan.mau@dan.example')
    expect(who('Gửi dtm@binhdinh.gov.vn rồi').email).toBeUndefined()
  })
})

it.each([
  ['Xin giữ bí mật tên tôi', true],
  ['xin giau ten', true],
  ['mong giữ kín thông tin người báo', true],
  ['Tôi không dám ghi tên, mong thông cảm', true],
  ['Xin đừng nêu tên tôi và trường', true],
  ['đừng có nói là chị báo nghe em', true],
  ['dung cho ho biet so toi', true],
  ['Tuyệt đối không tiết lộ email này', true],
  ['em sợ ổng trả thù', true],
  ['Giữ kín miệng cống cho trẻ khỏi rơi', false],
  ['Đường hư, đề nghị sửa', false],
  ['Nhà này nghe la cứu mà cửa sắt khóa ngoài', false],
])('asks for secrecy: %s → %s', (text, asked) => {
  expect(asksSecrecy([part(text)]) !== undefined).toBe(asked)
})
