import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { readUnitsFile, type UnitsFile } from './file.ts'
import { gazetteer } from './gazetteer.ts'
import { validOn } from './unit.ts'

const read = readUnitsFile(readFileSync(new URL('../../../data/units/dien-bien.yaml', import.meta.url), 'utf8'))
const file = 'value' in read ? read.value : ({} as UnitsFile)

it('reads', () => expect(read).not.toHaveProperty('problems'))

it.each([
  ['2025-06-30', { Tỉnh: 1, 'Thành phố': 1, 'Thị xã': 1, Huyện: 8, Phường: 9, 'Thị trấn': 5, Xã: 115 }],
  ['2025-07-01', { Tỉnh: 1, Phường: 3, Xã: 42 }],
])('has the units that were in force on %s', (day, expected) => {
  const counts: Record<string, number> = {}
  for (const unit of file.units) if (validOn(unit, day)) counts[unit.type] = (counts[unit.type] ?? 0) + 1
  expect(counts).toEqual(expected)
})

it('says of every old commune what became of it, and of every new one what it was made of', () => {
  const codes = (length: number, day: string) =>
    file.units.filter((u) => u.code.length === length && validOn(u, day)).map((u) => u.code)
  expect(new Set(file.links.map((l) => l.oldCode))).toEqual(new Set(codes(5, '2025-06-30')))
  expect(new Set(file.links.map((l) => l.newCode))).toEqual(new Set(codes(5, '2025-07-01')))
  // Nghị quyết 1661/NQ-UBTVQH15 splits no commune.
  expect(file.links).toHaveLength(129)
  expect(file.links.every((l) => l.kind === 'full')).toBe(true)
})

it('gives each commune in force a centre inside Điện Biên and a radius', () => {
  for (const unit of file.units.filter((u) => u.code.length === 5 && u.to === null)) {
    expect(unit.radius).toBeGreaterThan(1500)
    expect(unit.centre!.lat).toBeCloseTo(21.75, -1)
    expect(unit.centre!.lng).toBeCloseTo(102.9, -1)
  }
})

it('has an agency for each commune in force and each former district, and one for the province', () => {
  const units = (day: string) => file.agencies.filter((a) => validOn(a, day)).map((a) => a.unit.length)
  expect(units('2025-06-30').sort()).toEqual([2, ...Array(10).fill(3)])
  expect(units('2025-07-01').sort()).toEqual([2, ...Array(45).fill(5)])
  expect(new Set(file.agencies.map((a) => a.code)).size).toBe(56)
  expect(file.agencies.every((a) => a.placeholder)).toBe(true)
})

it('names two units of one day and type alike only where diacritics tell them apart', () => {
  const alike = [...gazetteer({ ...file, shapes: [] }).named.values()].flatMap((units) =>
    ['2025-06-30', '2025-07-01'].flatMap((day) =>
      units
        .filter((u) => validOn(u, day))
        .filter((u, _, all) => all.some((other) => other !== u && other.type === u.type))
        .map((u) => u.name),
    ),
  )
  expect([...new Set(alike)]).toEqual(['Nà Tòng', 'Na Tông'])
})
