import { ANSWERED, type PortalReport, REPEATED } from './report.ts'

const ON_ITS_WAY = { ...ANSWERED, reply: 201 } as const

/** Forms to tỉnh Điện Biên. Persons, numbers and events are invented; pins lie inside the communes that must answer. */
export const BY_PORTAL = {
  lamps: {
    channel: 'portal',
    name: 'Đèn đường hỏng',
    form: {
      name: 'Mùa A Lặp',
      phone: '+84 900 000 006',
      title: 'Đèn đường không sáng',
      content:
        'Ba cột đèn liền nhau trên đường vào trường tiểu học không sáng từ đầu tháng, trẻ con đi học về tối rất nguy hiểm.',
      lat: 21.62947,
      lng: 103.43035,
    },
    times: 5,
    expected: { ...ON_ITS_WAY, agency: 'UBND xã Tuần Giáo' },
  },
  dump: {
    channel: 'portal',
    name: 'Bãi rác, hai ảnh',
    form: {
      name: 'Nguyễn Thị Ví Dụ',
      phone: '0900.000.003',
      title: 'Bãi rác tự phát ven suối',
      content:
        'Rác sinh hoạt đổ thành đống ven suối sau khu tái định cư, bốc mùi hôi, ruồi nhặng nhiều. Tôi gửi kèm hai ảnh chụp sáng nay.',
      lat: 21.41584,
      lng: 103.05651,
    },
    photos: 2,
    expected: { ...ON_ITS_WAY, agency: 'UBND phường Điện Biên Phủ', photos: 2 },
  },
  cattle: {
    channel: 'portal',
    name: 'Trâu bò trên đường',
    form: {
      name: 'Lường Văn Đặt',
      phone: '0900000009',
      address: 'Ngã ba trung tâm, xã Thanh Yên, tỉnh Điện Biên',
      content: 'Trâu bò thả rông nằm giữa đường vào ban đêm, tuần này đã có hai vụ ngã xe.',
    },
    expected: { ...ON_ITS_WAY, agency: 'UBND xã Thanh Yên' },
  },
  pipe: {
    channel: 'portal',
    name: 'Ống nước vỡ',
    form: {
      name: 'Quàng Thị Thử',
      phone: '0900000002',
      email: 'quang.thi.thu@dan.example',
      content:
        'Ống nước sạch trước cổng chợ bị vỡ từ sáng, nước phun tràn ra đường, cả khu phố mất nước sinh hoạt. Đề nghị đơn vị cấp nước đến sửa gấp.',
      lat: 21.36175,
      lng: 103.02498,
    },
    expected: { ...ON_ITS_WAY, agency: 'UBND phường Mường Thanh' },
  },
  nowhere: {
    channel: 'portal',
    name: 'Không ghi địa điểm',
    form: {
      name: 'Vàng A Tên',
      phone: '0900000004',
      content: 'Loa phát thanh trong bản hỏng đã hai tuần, bà con không nghe được thông báo mưa lũ.',
    },
    // What is asked of who gave a number comes by text message, and is answered there.
    whenAsked: 'Ở bản Hồ, xã Na Sang.',
    expected: { ...ON_ITS_WAY, agency: 'UBND xã Na Sang', notices: ['received', 'asked', 'forwarded', 'answer'] },
  },
  wrong: {
    channel: 'portal',
    name: 'Điền chưa đúng',
    form: { name: 'Giàng Thị Sai', phone: '12345', content: '   ', lat: 21.31732 },
    expected: { reply: 400, status: null, notices: [], wrongFields: ['content', 'lat', 'phone'] },
  },
  potholeAgain: {
    channel: 'portal',
    name: 'Ổ gà, người khác',
    form: {
      name: 'Hoàng Văn Cạnh',
      phone: '0900000012',
      address: 'Cổng trường, xã Pu Nhi, tỉnh Điện Biên',
      content:
        'Trước cổng trường có ổ gà rất sâu, trời mưa nước ngập không nhìn thấy, sáng nay hai học sinh ngã xe. Xin cho vá sớm!',
    },
    repeat: true,
    expected: { ...ON_ITS_WAY, notices: REPEATED, agency: 'UBND xã Pu Nhi', joins: 'Ổ gà, một ảnh' },
  },
} as const satisfies Record<string, PortalReport>
