import { describe, expect, it } from 'vitest'
import { findAbuse } from './abuse.ts'
import { readKind } from './kind.ts'
import { say } from './said.ts'

describe('what a message is', () => {
  it.each([
    ['Tôi làm đơn này tố cáo ông trưởng thôn nhận tiền của dân', 'petition'],
    ['ĐƠN KHIẾU NẠI (lần hai). Tôi không đồng ý với Quyết định số 1/QĐ-UBND', 'petition'],
    ['Toi khieu nai quyet dinh thu hoi dat cua UBND huyen', 'petition'],
    ['Tôi phản ánh để chấn chỉnh, không có ý thưa kiện hay tố cáo ai', 'report'],
    ['Đã khiếu nại với công ty nước ba lần mà vẫn cúp', 'report'],
    ['VAY TIEN NHANH, giai ngan 5 phut, lai 0%, lien he Zalo', 'spam'],
    ['Tuyển CTV chốt đơn online, ngày làm 2h thu nhập 500k, không cọc', 'spam'],
    ['XẢ KHO váy đẹp chỉ 99k, mua 2 tặng 1, freeship, inbox ngay', 'spam'],
    ['Đây là thư trả lời tự động, tôi đang nghỉ', 'spam'],
    ['Mấy đứa cho vay nặng lãi dán giấy bẩn cột điện, đề nghị công an xử lý', 'report'],
    ['Quán hải sản tính giá gấp đôi, đề nghị kiểm tra', 'report'],
    ['Cảm ơn trung tâm đã sửa đèn rất nhanh', 'praise'],
    ['Cho hỏi thủ tục đăng ký tàu cá gồm những gì ạ', 'question'],
    ['Hố ga mất nắp trước cổng trường', 'report'],
  ])('%s → %s', (text, kind) => {
    expect(readKind(say(text)).value).toBe(kind)
  })
})

describe('insults and obscenities', () => {
  it.each([
    'đm mấy thằng xe ben chạy như điên',
    'dm may thang xe ben',
    'lũ khốn nạn, toàn một lũ ăn hại',
    'dit me tong dai khong nghe may',
    'làm ăn như cái đầu b***',
    'ngu như bò',
    'quản lý mà vcl luôn',
  ])('in: %s', (text) => {
    expect(findAbuse(say(text))).not.toEqual([])
  })

  it.each([
    'Bầy chó thả rông cắn rách quần bà cụ',
    'Ở cc Bình Hưng block B thang máy hư',
    'Đèn đỏ cho hướng ra chợ không sáng',
    'den do cho huong ra cho khong sang',
    'tau ra Cu Lao Xanh may gio co chuyen',
    'Bán đồ ăn không rõ nguồn gốc',
    'Mấy thằng bé chơi gần hồ nước',
    'xe chở vật liệu vl rơi vãi cát',
    '',
  ])('none in: %s', (text) => {
    expect(findAbuse(say(text))).toEqual([])
  })
})
