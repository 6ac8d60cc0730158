import { ANSWERED, type CommentReport, type MessengerReport } from './report.ts'

/** Told by Meta with a signed call, which is all that Meta hears back of. */
const TAKEN = { ...ANSWERED, reply: 200 } as const

/** Messages to the province's page, and comments under its posts. Persons and events are invented. */
export const BY_FACEBOOK = {
  pole: {
    channel: 'messenger',
    name: 'Cột điện nghiêng',
    from: { id: '24680135790001', name: 'Vừ Thị Nhắn' },
    text: 'Cột điện ở xã Nà Tấu nghiêng hẳn ra đường sau trận mưa đêm qua, dây võng xuống ngang đầu người. Tôi gửi ảnh chụp sáng nay.',
    photoAt: { lat: 21.57081, lng: 103.13949 },
    expected: { ...TAKEN, agency: 'UBND xã Nà Tấu', photos: 1 },
  },
  bridgeAgain: {
    channel: 'comment',
    name: 'Cầu treo, bình luận',
    from: { id: '24680135790002', name: 'Lò Văn Bình' },
    under: 'Mùa lũ đang đến: bà con thấy cầu, đường hư hỏng xin báo cho chính quyền.',
    text: 'Cầu treo ở xã Thanh Nưa bị gãy mấy thanh ván, xe máy đi qua rất nguy hiểm, hôm qua một cháu học sinh bị lọt chân xuống khe. Đề nghị cho thợ sửa trước mùa lũ!',
    repeat: true,
    // Meta lets a page write to who commented once; until they write back, the rest stands in their view.
    expected: {
      ...TAKEN,
      agency: 'UBND xã Thanh Nưa',
      joins: 'Cầu treo gãy ván',
      notices: ['received'],
      publicly: 1,
      inView: ['received', 'repeated', 'forwarded', 'answer'],
    },
  },
} as const satisfies Record<string, MessengerReport | CommentReport>
