import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

/** What a citizen fills in at the portal. Everybody and everything is invented. */
export interface ReportForm {
  readonly name: string
  readonly phone: string
  readonly title: string
  readonly content: string
  readonly lat: number
  readonly lng: number
}

const SURNAMES = ['Lò', 'Quàng', 'Cà', 'Giàng', 'Vừ', 'Nguyễn', 'Trần', 'Lường', 'Tòng', 'Mùa', 'Sùng', 'Bạc']
const GIVEN = ['Văn Mẫu', 'Thị Thử', 'A Ví', 'Thị Dụ', 'Văn Giả', 'Thị Mới', 'A Nháp', 'Văn Tạm', 'Thị Ví Dụ']

const MATTERS = [
  ['Đèn đường hỏng', 'Dãy đèn chiếu sáng không bật lên được'],
  ['Hố ga mất nắp', 'Nắp hố ga bị vỡ rồi mất hẳn'],
  ['Rác chất đống', 'Rác sinh hoạt đổ bừa bãi, bốc mùi rất khó chịu'],
  ['Đường sụt lún', 'Mặt đường nứt toác, sụt xuống thành hố sâu'],
  ['Nước sạch bị cắt', 'Vòi nước khô, cả xóm phải gánh nước suối'],
  ['Dây điện võng thấp', 'Dây điện sà xuống ngang đầu người đi bộ'],
  ['Cầu treo hỏng ván', 'Ván mặt cầu mục gãy, lộ khe nhìn thấy suối'],
  ['Xe tải chạy đêm', 'Xe chở đá chạy ầm ầm, rơi vãi sỏi cát'],
  ['Cây đổ chắn lối', 'Một cây xoan lớn bật gốc nằm ngang lối đi'],
  ['Chó thả rông', 'Đàn chó không rọ mõm đuổi theo học sinh'],
  ['Tiếng ồn karaoke', 'Loa kẹo kéo mở to đến quá nửa đêm'],
  ['Lấn chiếm vỉa hè', 'Hàng quán bày bàn ghế kín vỉa hè'],
  ['Cống tắc ngập nước', 'Nước mưa không thoát, tràn vào nhà dân'],
  ['Khai thác cát trái phép', 'Máy hút cát nổ máy giữa lòng suối'],
  ['Đốt nương gây khói', 'Lửa đốt nương lan sát bìa rừng, khói mù mịt'],
  ['Biển báo gãy', 'Biển báo khúc cua bị xe đâm gãy gập'],
  ['Sạt lở taluy', 'Đất đá từ taluy trượt xuống lấp rãnh thoát nước'],
  ['Gia súc chết vứt suối', 'Có người vứt lợn chết xuống đầu nguồn'],
  ['Lớp học dột', 'Mái tôn phòng học thủng, mưa là ướt sách vở'],
  ['Trạm y tế đóng cửa', 'Bà con đến khám không gặp ai trực'],
] as const
const WHERE = [
  'ngay đầu ngõ vào nhà văn hóa',
  'cạnh trường mầm non',
  'trước cổng chợ phiên',
  'phía sau trạm biến áp',
  'đoạn dốc đá trắng',
  'chỗ ngã ba rẽ lên nương',
  'bên bờ mương thủy lợi',
  'gần quán tạp hóa của ông Mẫu',
  'sát chân cột sóng',
  'lối xuống bến đò cũ',
  'quanh sân bóng của bản',
  'dưới chân cầu tràn',
  'khu tái định cư mới',
  'dọc hàng rào đồn biên phòng',
] as const
const SINCE = [
  'đã ba ngày nay',
  'từ sáng sớm hôm qua',
  'suốt hai tuần rồi',
  'kể từ trận mưa đêm thứ bảy',
  'từ đầu tháng',
  'khoảng chín giờ tối nào cũng vậy',
  'từ sau phiên chợ vừa rồi',
  'gần một tháng chưa ai ngó tới',
  'mới chiều nay',
  'từ hồi nghỉ lễ',
] as const
const HARM = [
  'Trẻ con đi học qua đây rất nguy hiểm',
  'Hôm kia đã có người ngã xe gãy tay',
  'Người già trong bản không dám ra ngoài',
  'Xe cứu thương không vào được',
  'Ruộng lúa của năm hộ có nguy cơ mất trắng',
  'Cả dãy nhà mất ngủ',
  'Hàng hóa không chở ra chợ được',
  'Mùi hôi bay khắp xóm làm nhiều người ốm',
  'Ai đi qua cũng phải dắt bộ',
  'Du khách phàn nàn mãi',
] as const
const ASK = [
  'Đề nghị cho người xuống kiểm tra',
  'Mong chính quyền sửa sớm',
  'Xin cơ quan chức năng xử lý dứt điểm',
  'Kính mong được trả lời',
  'Đề nghị nhắc nhở và xử phạt',
  'Bà con sẵn sàng góp công cùng làm',
  'Xin cắm tạm biển cảnh báo',
  'Đã báo trưởng bản mà chưa thấy gì',
] as const

interface Place {
  readonly centre: readonly [number, number]
  readonly radius: number
}

const UNITS = join(import.meta.dirname, '../../data/units/dien-bien.yaml')

/**
 * An endless line of people, the same in every run: each with a phone of their own and a matter of their own, pinned well inside one of the
 * units of today, so that every report finds its office.
 */
export function* citizens(seed: number): Generator<ReportForm, never> {
  const random = mulberry32(seed)
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!
  places ??= placesOfToday()
  for (let n = 1; ; n++) {
    const [title, matter] = pick(MATTERS)
    const house = Math.floor(random() * 400) + 1
    yield {
      name: `${pick(SURNAMES)} ${pick(GIVEN)}`,
      phone: `09${String(10_000_000 + ((n * 7919 + seed) % 89_999_999))}`,
      title: `${title} ${pick(WHERE)}`,
      content: `${matter} ${pick(WHERE)}, cách nhà số ${house} chừng ${Math.floor(random() * 90) + 10} bước chân, ${pick(SINCE)}. ${pick(HARM)}. ${pick(ASK)}.`,
      ...pin(pick(places), random),
    }
  }
}

/** Read once: some tests begin the line hundreds of times. */
let places: readonly Place[] | undefined
function placesOfToday(): readonly Place[] {
  const { units } = parse(readFileSync(UNITS, 'utf8')) as { units: (Partial<Place> & { to?: string })[] }
  return units.filter((u): u is Place => u.to === undefined && u.centre !== undefined && u.radius !== undefined)
}

/** Inside nine tenths of the circle that fits into the unit. */
function pin({ centre: [lat, lng], radius }: Place, random: () => number): { lat: number; lng: number } {
  const [angle, metres] = [random() * 2 * Math.PI, Math.sqrt(random()) * radius * 0.9]
  return {
    lat: lat + (metres * Math.sin(angle)) / 110_574,
    lng: lng + (metres * Math.cos(angle)) / (111_320 * Math.cos((lat * Math.PI) / 180)),
  }
}

/** Tommy Ettinger's mulberry32: chance that is the same in every run. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
