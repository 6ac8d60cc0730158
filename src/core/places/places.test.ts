import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { say } from '../../normalize/said.ts'
import { type PlaceData, readWhere, saysPlace } from '../../normalize/where.ts'
import { readUnitsFile } from '../units/file.ts'
import { readPlacesFile } from './file.ts'
import { placesOf } from './places.ts'

const ROOT = join(import.meta.dirname, '../../..')
const PROVINCES = ['binh-dinh', 'ca-mau', 'dak-lak', 'dien-bien', 'hcmc'] as const

const places = new Map<string, PlaceData>()
beforeAll(async () => {
  for (const name of PROVINCES) {
    const units = readUnitsFile(await readFile(join(ROOT, `data/units/${name}.yaml`), 'utf8'))
    const file = readPlacesFile(await readFile(join(ROOT, `data/places/${name}.yaml`), 'utf8'))
    if ('problems' in units || 'problems' in file) throw new Error(`${name} cannot be read`)
    places.set(name, placesOf(units.value.units, file.value))
  }
})

const where = (province: string, text: string) => {
  const found = readWhere([{ from: 'text', said: say(text) }], places.get(province)!)
  return found && [found.ward ?? null, found.district ?? null]
}

describe('a place as people name it', () => {
  it.each<[string, string, [string | null, string | null] | undefined]>([
    ['hcmc', 'Gầm cầu phía Quận 4 (phường 4) đầy rác', ['Phường 4', 'Quận 4']],
    ['hcmc', 'nuoc ngap o tran xuan soan q7', [null, 'Quận 7']],
    ['hcmc', 'ở quận bốn bên tôn thất thuyết', [null, 'Quận 4']],
    ['hcmc', 'cây ngã ở phường 24 quận Bình Thạnh', ['Phường 24', 'Bình Thạnh']],
    ['hcmc', 'chợ Bà Chiểu kẹt cứng', ['Phường 14', 'Bình Thạnh']],
    ['hcmc', 'kẹt xe ngã tư Hàng Xanh', ['Phường 25', 'Bình Thạnh']],
    ['hcmc', 'đường Lê Lợi đào hoài', [null, 'Quận 1']],
    ['dak-lak', 'o ga truoc cong DHTN', ['Ea Tam', 'Buôn Ma Thuột']],
    ['dak-lak', 'ở xã ê a ning huyện cư quin', ['Ea Ning', 'Cư Kuin']],
    ['dak-lak', 'đèn đường Lê Duẩn BMT tắt', [null, 'Buôn Ma Thuột']],
    ['dak-lak', 'chợ Phước An bán thịt ôi', ['Phước An', 'Krông Pắc']],
    ['dien-bien', 'trước đồi A1 hố ga mất nắp', ['Mường Thanh', 'Điện Biên Phủ']],
    ['dien-bien', 'xa Na U huyen Dien Bien mat dien', ['Na Ư', 'Điện Biên']],
    ['dien-bien', 'ngã ba tuần giáo chỗ rẽ đi sơn la', ['Tuần Giáo', 'Tuần Giáo']],
    ['ca-mau', 'Duong Phan Ngoc Hien ngap', [null, 'Cà Mau']],
    ['ca-mau', 'cho phuong 7 Ca Mau rac nhieu', ['Phường 7', 'Cà Mau']],
    ['ca-mau', 'cửa biển Sông Đốc', ['Sông Đốc', 'Trần Văn Thời']],
    ['binh-dinh', 'ngã tư Ngô Mây - Nguyễn Thái Học hư đèn', [null, 'Quy Nhơn']],
    ['binh-dinh', 'phường Ngô Mây mất nước', ['Ngô Mây', 'Quy Nhơn']],
    ['binh-dinh', 'rác ở Eo Gió', ['Nhơn Lý', 'Quy Nhơn']],
    ['binh-dinh', 'du lịch Bình Định phát triển', undefined],
    ['binh-dinh', 'đèn đường bị tắt cả dãy', undefined],
  ])('%s: %s', (province, text, expected) => {
    expect(where(province, text)).toEqual(expected)
  })
})

it.each([
  ['Hẻm 45 gần nhà em có bầy chó', true],
  ['sat lo km 84 ql4h', true],
  ['ở thôn 4 đường lầy', true],
  ['Bản Na Ư mất điện', true],
  ['rác chất đầy trước cửa nhà tui', false],
  ['đường hư quá đi không nổi', false],
  ['xe rac khong toi 4 ngay roi', false],
])('says a place that no list has: %s → %s', (text, says) => {
  expect(saysPlace([{ from: 'text', said: say(text) }], places.get('dien-bien')!)).toBe(says)
})
