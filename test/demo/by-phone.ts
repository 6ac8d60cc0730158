import { ANSWERED, type CallReport, type SmsReport } from './report.ts'

const TAKEN = { ...ANSWERED, reply: 200 } as const

/** Text messages to the province's number, and calls to its hotline. Persons, numbers and events are invented. */
export const BY_PHONE = {
  bridge: {
    channel: 'sms',
    name: 'Cầu treo gãy ván',
    phone: '+84900000031',
    // As a telephone cuts what is long, and as many write on it: without diacritics.
    parts: [
      'Cau treo o xa Thanh Nua bi gay may thanh van, xe may di qua rat nguy hiem, hom qua mot chau hoc sinh',
      'bi lot chan xuong khe. De nghi cho tho sua truoc mua lu.',
    ],
    expected: { ...TAKEN, agency: 'UBND xã Thanh Nưa' },
  },
  drain: {
    channel: 'hotline',
    name: 'Cống tắc, gọi điện',
    from: { name: 'Giàng Thị Gọi', phone: '+84900000032' },
    turns: [
      { speaker: 'ĐTV', text: 'Đường dây nóng xin nghe.' },
      {
        speaker: 'KH',
        text: 'Cống thoát nước cạnh trạm y tế xã Búng Lao bị tắc mấy hôm nay, nước thải tràn ra đường, mùi rất khó chịu.',
      },
      { speaker: 'ĐTV', text: 'Chúng tôi ghi nhận và chuyển cơ quan xử lý.' },
      { speaker: 'KH', text: 'Nhờ các anh cho người xuống thông cống sớm.' },
    ],
    // Who called from a number that is known hears by text message.
    expected: { ...TAKEN, agency: 'UBND xã Búng Lao' },
  },
} as const satisfies Record<string, SmsReport | CallReport>
