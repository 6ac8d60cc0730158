import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readUnitsFile } from './file.ts'
import { type Gazetteer, gazetteer } from './gazetteer.ts'
import { inCharge } from './in-charge.ts'
import type { Unit } from './unit.ts'

const OLD = '2020-01-01'
const NEW = '2025-07-01'

function named(known: Gazetteer, code: string, from: string, at: string): string[] {
  const found = inCharge({ code, from }, at, known)
  return ('unit' in found ? [found.unit] : found.candidates).map((u) => `${u.type} ${u.name} ${u.code}`)
}

describe('in Điện Biên', () => {
  const read = readUnitsFile(readFileSync(new URL('../../../data/units/dien-bien.yaml', import.meta.url), 'utf8'))
  if (!('value' in read)) throw new Error('data/units/dien-bien.yaml does not read')
  const known = gazetteer({ ...read.value, shapes: [] })

  it.each([
    ['xã Chà Cang, whose code went to its successor', '03166', OLD, '2026-11-20', ['Xã Mường Chà 03166']],
    ['xã Mường Chà of today, in the former huyện Nậm Pồ', '03166', NEW, '2026-11-20', ['Xã Mường Chà 03166']],
    ['the former town of Mường Chà', '03172', OLD, '2026-11-20', ['Xã Na Sang 03172']],
    ['the former phường Mường Thanh', '03136', OLD, '2026-11-20', ['Phường Điện Biên Phủ 03127']],
    ['the phường Mường Thanh of today', '03334', NEW, '2026-11-20', ['Phường Mường Thanh 03334']],
    ['the former xã Thanh Xương', '03334', OLD, '2026-11-20', ['Phường Mường Thanh 03334']],
    ['xã Xá Tổng, which crossed a district border', '03178', OLD, '2026-11-20', ['Phường Mường Lay 03151']],
    ['xã Chà Cang on its last day', '03166', OLD, '2025-06-30', ['Xã Chà Cang 03166']],
    ['xã Chà Cang a day later', '03166', OLD, '2025-07-01', ['Xã Mường Chà 03166']],
    ['the province', '11', '2004-01-01', '2026-11-20', ['Tỉnh Điện Biên 11']],
    [
      'xã Na Sang, asked for the time before it was',
      '03172',
      NEW,
      '2024-05-01',
      ['Thị trấn Mường Chà 03172', 'Xã Sa Lông 03197', 'Xã Ma Thì Hồ 03200', 'Xã Na Sang 03201'],
    ],
    ['huyện Mường Chà while it was', '097', OLD, '2024-05-01', ['Huyện Mường Chà 097']],
    [
      'huyện Mường Chà, which left six heirs',
      '097',
      OLD,
      '2026-11-20',
      [
        'Phường Mường Lay 03151',
        'Xã Na Sang 03172',
        'Xã Mường Tùng 03181',
        'Xã Pa Ham 03193',
        'Xã Nậm Nèn 03194',
        'Xã Mường Pồn 03202',
      ],
    ],
    ['thị xã Mường Lay, which went whole into one ward', '095', OLD, '2026-11-20', ['Phường Mường Lay 03151']],
    ['a code that nobody knows', '03999', OLD, '2026-11-20', []],
    ['a code of another period', '03166', '2019-01-01', '2026-11-20', []],
  ])('%s', (_, code, from, at, expected) => expect(named(known, code, from, at)).toEqual(expected))
})

describe('elsewhere', () => {
  const unit = (code: string, name: string, from: string, more: Partial<Unit> = {}): Unit => ({
    code,
    from,
    to: null,
    type: 'Xã',
    name,
    aliases: [],
    parent: '99',
    centre: null,
    radius: null,
    ...more,
  })
  const known = gazetteer({
    units: [
      unit('00001', 'Một', '2000-01-01', { to: '2009-12-31' }),
      unit('00002', 'Hai', '2010-01-01', { to: '2025-06-30' }),
      unit('00003', 'Ba', '2025-07-01'),
      unit('00004', 'Bốn', '2025-07-01'),
      unit('00005', 'Năm', '2010-01-01', { to: '2025-06-30' }),
    ],
    links: [
      { oldCode: '00001', newCode: '00002', kind: 'full', at: '2010-01-01' },
      { oldCode: '00002', newCode: '00003', kind: 'partial', at: '2025-07-01' },
      { oldCode: '00002', newCode: '00004', kind: 'partial', at: '2025-07-01' },
    ],
    shapes: [],
  })

  it.each([
    ['a commune that was split needs a point', '00002', '2010-01-01', '2026-01-01', ['Xã Ba 00003', 'Xã Bốn 00004']],
    ['changes are followed one after another', '00001', '2000-01-01', '2026-01-01', ['Xã Ba 00003', 'Xã Bốn 00004']],
    ['and back', '00003', '2025-07-01', '2005-01-01', ['Xã Một 00001']],
    ['an end without a successor leaves nobody', '00005', '2010-01-01', '2026-01-01', []],
  ])('%s', (_, code, from, at, expected) => expect(named(known, code, from, at)).toEqual(expected))
})
