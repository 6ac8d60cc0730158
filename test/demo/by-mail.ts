import { ANSWERED, type MailReport, REPEATED } from './report.ts'

const ON_ITS_WAY = { ...ANSWERED, reply: 250 } as const

const MANHOLE_WRITER = { name: 'Sùng A Thư', address: 'sung.a.thu@dan.example', phone: '0900 000 021' }

/** Mails to the province's mailbox. Persons, addresses and events are invented. */
export const BY_MAIL = {
  pothole: {
    channel: 'mail',
    name: 'Ổ gà, một ảnh',
    from: { name: 'Lò Thị Gửi', address: 'lo.thi.gui@dan.example', phone: '0900 000 020' },
    mail: {
      kind: 'letter',
      subject: 'Ổ gà trước cổng trường ở xã Pu Nhi',
      text: 'Trước cổng trường có ổ gà rất sâu, trời mưa nước ngập không nhìn thấy, sáng nay hai học sinh ngã xe. Xin cho vá sớm.',
      photoAt: { lat: 21.27, lng: 103.22 },
    },
    expected: { ...ON_ITS_WAY, agency: 'UBND xã Pu Nhi', photos: 1 },
  },
  manhole: {
    channel: 'mail',
    name: 'Hố ga mất nắp',
    from: MANHOLE_WRITER,
    mail: {
      kind: 'letter',
      subject: 'Hố ga mất nắp tại xã Sín Chải',
      text: 'Nắp hố ga trước bến xe đã mất từ tối qua, sâu hơn một mét, chưa ai rào lại.',
    },
    expected: { ...ON_ITS_WAY, agency: 'UBND xã Sín Chải' },
  },
  away: {
    channel: 'mail',
    name: 'Thư trả lời tự động',
    from: { name: 'Tòng Văn Vắng', address: 'tong.van.vang@dan.example', phone: '0900 000 022' },
    mail: { kind: 'auto-reply' },
    expected: { reply: 250, status: null, notices: [], aside: 'set-aside' },
  },
  nested: {
    channel: 'mail',
    name: 'Thư hỏng',
    from: { name: 'Cà Văn Hỏng', address: 'ca.van.hong@dan.example', phone: '0900 000 023' },
    mail: { kind: 'nested' },
    expected: { reply: 250, status: null, notices: [], aside: 'quarantined' },
  },
  cattleAgain: {
    channel: 'mail',
    name: 'Trâu bò, người khác',
    from: { name: 'Bạc Thị Khác', address: 'bac.thi.khac@dan.example', phone: '0900 000 024' },
    mail: {
      kind: 'letter',
      subject: 'Trâu bò thả rông ở xã Thanh Yên',
      // As many write on a telephone: without diacritics.
      text: 'Trau bo tha rong nam giua duong vao ban dem, tuan nay da co hai vu nga xe!',
    },
    repeat: true,
    expected: { ...ON_ITS_WAY, notices: REPEATED, agency: 'UBND xã Thanh Yên', joins: 'Trâu bò trên đường' },
  },
  pipeAgain: {
    channel: 'mail',
    name: 'Vỡ ống, gửi lại',
    from: { name: 'Quàng Thị Thử', address: 'quang.thi.thu@dan.example', phone: '0900 000 002' },
    mail: {
      kind: 'letter',
      subject: 'Ống nước vẫn chưa sửa',
      text: 'Ống nước sạch trước cổng chợ bị vỡ từ sáng, nước vẫn phun tràn ra đường, cả khu phố mất nước sinh hoạt. Tôi đề nghị đơn vị cấp nước đến sửa gấp.',
    },
    repeat: true,
    expected: { ...ON_ITS_WAY, notices: REPEATED, agency: 'UBND phường Mường Thanh', joins: 'Ống nước vỡ' },
  },
  addition: {
    channel: 'mail',
    name: 'Trả lời thư báo',
    from: MANHOLE_WRITER,
    mail: { kind: 'reply', to: 'Hố ga mất nắp', text: 'Tôi bổ sung: hố ga nằm sát cột điện số 14, tối không có đèn.' },
    repeat: true,
    // Its sender hears by the report that it goes on from: no code, no letter of its own.
    expected: { ...ON_ITS_WAY, status: null, notices: [], agency: 'UBND xã Sín Chải', joins: 'Hố ga mất nắp' },
  },
} as const satisfies Record<string, MailReport>
