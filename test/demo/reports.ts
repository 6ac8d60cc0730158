/** What the office says to every case. */
export const OFFICE_ANSWER = 'Đã cử tổ công tác đến hiện trường, việc đã xử lý xong.'

/** How a row of the table must end; what is not named here is not looked at. */
export interface Expected {
  /** Status of the answer to the citizen's request. */
  readonly http: number
  readonly status: string | null
  readonly agency?: string
  /** Name of the report whose case took this one in. */
  readonly joins?: string
  readonly waitingFor?: string
  readonly delivery?: string
  readonly answer?: string
  readonly notices: readonly string[]
  /** Files that the office got as links. */
  readonly files?: number
  /** Fields that the citizen is asked to mend. */
  readonly wrongFields?: readonly string[]
}

export interface DemoReport {
  /** In the table; unique. */
  readonly name: string
  readonly form: Readonly<Record<string, string | number | boolean>>
  /** With this many photos, as a multipart form; else as JSON. */
  readonly photos?: number
  /** How often it is sent at the same moment under one Idempotency-Key. */
  readonly times?: number
  /** Sent once the others have their agency. */
  readonly repeat?: boolean
  readonly expected: Expected
}

const ANSWERED = {
  http: 201,
  status: 'answered',
  delivery: 'taken',
  answer: OFFICE_ANSWER,
  notices: ['received', 'forwarded', 'answer'],
} as const

/** Twelve reports to tỉnh Điện Biên. Persons, numbers and events are invented; pins lie inside the communes that must answer. */
export const REPORTS: readonly DemoReport[] = [
  {
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
    expected: { ...ANSWERED, agency: 'UBND phường Điện Biên Phủ', files: 2 },
  },
  {
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
    expected: { ...ANSWERED, agency: 'UBND xã Tuần Giáo' },
  },
  {
    name: 'Hố ga mất nắp',
    form: {
      name: 'Cà Thị Giả',
      phone: '0900000007',
      content: 'Nắp hố ga trước bến xe đã mất từ tối qua, sâu hơn một mét, chưa ai rào lại.',
      lat: 21.49702,
      lng: 103.21327,
    },
    expected: { ...ANSWERED, agency: 'UBND xã Mường Ảng' },
  },
  {
    name: 'Cây đổ đè dây điện',
    form: {
      name: 'Sùng A Tưởng',
      phone: '0900000008',
      content: 'Cây to sau trạm y tế đổ đè lên dây điện, dây chùng sát mái nhà dân. Xin cắt điện và cưa cây ngay.',
      lat: 22.23333,
      lng: 102.42334,
    },
    expected: { ...ANSWERED, agency: 'UBND xã Mường Nhé' },
  },
  {
    name: 'Trâu bò trên đường',
    form: {
      name: 'Lường Văn Đặt',
      phone: '0900000009',
      address: 'Ngã ba trung tâm, xã Thanh Yên, tỉnh Điện Biên',
      content: 'Trâu bò thả rông nằm giữa đường vào ban đêm, tuần này đã có hai vụ ngã xe.',
    },
    expected: { ...ANSWERED, agency: 'UBND xã Thanh Yên' },
  },
  {
    name: 'Xả thải xuống suối',
    form: {
      name: 'Tòng Thị Kín',
      phone: '0900000010',
      content: 'Trại lợn xả thẳng chất thải xuống suối vào sáng sớm, nước đen, cá chết. Tôi xin giữ kín nội dung này.',
      lat: 21.83437,
      lng: 103.34462,
      contentSecret: true,
    },
    expected: { ...ANSWERED, agency: 'UBND xã Tủa Chùa' },
  },
  {
    name: 'Không ghi địa điểm',
    form: {
      name: 'Vàng A Tên',
      phone: '0900000004',
      content: 'Loa phát thanh trong bản hỏng đã hai tuần, bà con không nghe được thông báo mưa lũ.',
    },
    expected: { http: 201, status: 'waiting', waitingFor: 'no-place', notices: ['received'] },
  },
  {
    name: 'Điền chưa đúng',
    form: { name: 'Giàng Thị Sai', phone: '12345', content: '   ', lat: 21.31732 },
    expected: { http: 400, status: null, notices: [], wrongFields: ['content', 'lat', 'phone'] },
  },
  {
    name: 'Sạt lở đường',
    form: {
      name: 'Lò Văn Mẫu',
      phone: '0900 000 001',
      title: 'Sạt lở chắn quốc lộ 12',
      content:
        'Mưa lớn đêm qua làm đất đá sạt lở tràn xuống quốc lộ 12, chắn gần hết mặt đường chỗ khúc cua đầu bản. Xe máy phải dắt bộ qua, xe tải không đi được. Đề nghị cho máy xúc đến dọn sớm, trời vẫn còn mưa.',
      lat: 21.63378,
      lng: 103.04026,
    },
    expected: { ...ANSWERED, agency: 'UBND xã Mường Pồn' },
  },
  {
    name: 'Ống nước vỡ',
    form: {
      name: 'Quàng Thị Thử',
      phone: '0900000002',
      email: 'quang.thi.thu@example.vn',
      content:
        'Ống nước sạch trước cổng chợ bị vỡ từ sáng, nước phun tràn ra đường, cả khu phố mất nước sinh hoạt. Đề nghị đơn vị cấp nước đến sửa gấp.',
      lat: 21.36175,
      lng: 103.02498,
    },
    expected: { ...ANSWERED, agency: 'UBND phường Mường Thanh' },
  },
  {
    name: 'Sạt lở, gửi lại',
    form: {
      name: 'Lo Van Mau',
      phone: '+84900000001',
      content:
        'Tôi gửi lại vì chưa thấy ai đến dọn: mưa đêm qua làm đất đá sạt lở xuống quốc lộ 12, chắn gần hết mặt đường chỗ khúc cua đầu bản. Xe máy phải dắt qua, xe tải không đi được. Đề nghị cho máy xúc đến sớm.',
      lat: 21.63401,
      lng: 103.04061,
    },
    repeat: true,
    expected: { ...ANSWERED, agency: 'UBND xã Mường Pồn', joins: 'Sạt lở đường' },
  },
  {
    name: 'Vỡ ống, người khác',
    form: {
      name: 'Hoàng Văn Cạnh',
      phone: '0900000012',
      content:
        'Ống nước sạch trước cổng chợ bị vỡ từ sáng nay, nước phun tràn ra đường, cả khu phố mất nước sinh hoạt. Đề nghị đơn vị cấp nước đến sửa gấp!',
      lat: 21.36258,
      lng: 103.02565,
    },
    repeat: true,
    expected: { ...ANSWERED, agency: 'UBND phường Mường Thanh', joins: 'Ống nước vỡ' },
  },
]
