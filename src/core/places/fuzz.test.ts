import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { beforeAll, expect, it } from 'vitest'
import { type FieldFound, type ReadData, readReport } from '../../normalize/read-report.ts'
import { clean } from '../../normalize/text.ts'
import { Models } from '../learning/shipped.ts'
import { readUnitsFile } from '../units/file.ts'
import { readPlacesFile } from './file.ts'
import { placesOf } from './places.ts'

const ROOT = join(import.meta.dirname, '../../..')
let data: ReadData
beforeAll(async () => {
  const text = (file: string) => readFile(join(ROOT, file), 'utf8')
  const units = readUnitsFile(await text('data/units/dak-lak.yaml'))
  const places = readPlacesFile(await text('data/places/dak-lak.yaml'))
  if ('problems' in units || 'problems' in places) throw new Error('the data cannot be read')
  const models = Models.parse(JSON.parse(await text('data/learn/model.json')))
  data = { places: placesOf(units.value.units, places.value), ...models }
})

/** Pieces of what people write, and of what trips a reader up. */
const PIECES =
  'Tôi tên là|em tên|Nguyễn Văn Mẫu|chị|ba sáu|Lê Duẩn|phường Ea Tam|p5|q. 7|huyện Cư M’gar|M’Đrắk|buôn|thôn 4|km 12+300|QL14|chợ|cầu|hôm qua|tối nay|thứ hai|5/11|31/2|' +
  '30 Tết|mùng 4|rằm tháng giêng|24h|7 rưỡi|8 giờ kém 15|lúc|từ|đến|0912.345.678|không chín một hai|a@b.vn|giữ bí mật|đừng nêu tên|khiếu nại|tố cáo|không|cháy|lửa|cứu với|' +
  'vay tiền|freeship|http://x.example|đm|d*m|v~l|đồ|chó|operator: dạ anh tên gì|citizen:|\n|. |, |? |!|…|(|)|-|–|/|:|"|🔥|\u200b|\u0301|\u00a0|①|ﬁ|㎞|\ud83d|\u0000|●●●|xxx|中文'
const words = fc.array(fc.oneof(fc.constantFrom(...PIECES.split('|')), fc.string({ unit: 'binary', maxLength: 6 })), {
  maxLength: 60,
})
const changes = fc.constantFrom<((text: string) => string)[]>(
  (text) => text,
  (text) => text.toUpperCase(),
  (text) => text.normalize('NFD'),
  (text) => text.normalize('NFD').replace(/\p{M}/gu, ''),
  (text) => Array.from(text).reverse().join(''),
)
const texts = fc
  .tuple(words, fc.constantFrom(' ', ''), changes)
  .map(([parts, gap, change]) => clean(change(parts.join(gap))))
const submissions = fc.record({
  sender: fc.record({ name: words.map((parts) => parts.join(' ').slice(0, 60)) }, { requiredKeys: [] }),
  title: texts,
  content: texts,
  address: texts,
  aside: texts,
  talk: fc.boolean(),
  point: fc.boolean(),
  secret: fc.boolean(),
  answers: fc.boolean(),
  receivedAt: fc.date({ min: new Date('2020-01-01'), max: new Date('2035-01-01'), noInvalidDate: true }),
})

it('throws at no text, and every span lies inside of it', () => {
  fc.assert(
    fc.property(submissions, (submission) => {
      const { who, fields } = readReport(submission, data)
      const parts: Readonly<Record<string, string>> = { ...submission, text: submission.content } as never
      for (const found of [...Object.values(fields), ...Object.values(who)] as FieldFound[]) {
        expect(found.confidence).toBeGreaterThanOrEqual(0)
        expect(found.confidence).toBeLessThanOrEqual(1)
        if (found.start === undefined || found.end === undefined) continue
        const text = parts[found.from] ?? ''
        expect(found.start).toBeGreaterThanOrEqual(0)
        expect(found.start).toBeLessThanOrEqual(found.end)
        expect(found.end).toBeLessThanOrEqual(text.length)
      }
    }),
    { numRuns: 600 },
  )
})

it('says the same of the same text, and no time that is still to come', () => {
  fc.assert(
    fc.property(submissions, (submission) => {
      const read = readReport(submission, data)
      expect(readReport(submission, data)).toEqual(read)
      const at = read.fields['occurredAt']?.value
      if (typeof at === 'string') expect(Date.parse(at)).toBeLessThan(submission.receivedAt.getTime() + 25 * 3600_000)
    }),
    { numRuns: 200 },
  )
})
