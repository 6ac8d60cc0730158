import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readUnitsFile } from './file.ts'
import { gazetteer } from './gazetteer.ts'
import { inCharge } from './in-charge.ts'
import { locate } from './locate.ts'
import { validOn } from './unit.ts'

function fileOf(id: string) {
  const read = readUnitsFile(readFileSync(new URL(`../../../data/units/${id}.yaml`, import.meta.url), 'utf8'))
  if ('problems' in read) throw new Error(JSON.stringify(read.problems.slice(0, 3)))
  return read.value
}

/** Provinces, districts and communes before and after 1/7/2025, and old communes that were divided. */
describe.each([
  ['hcmc', { before: [3, 38, 441], after: [1, 0, 168], divided: 47 }],
  ['binh-dinh', { before: [2, 28, 373], after: [1, 0, 135], divided: 4 }],
  ['ca-mau', { before: [2, 16, 164], after: [1, 0, 64], divided: 19 }],
  ['dak-lak', { before: [2, 24, 286], after: [1, 0, 102], divided: 9 }],
])('data/units/%s.yaml', (id, expected) => {
  const file = fileOf(id)
  const known = gazetteer({ ...file, shapes: [] })
  const on = (day: string) => file.units.filter((unit) => validOn(unit, day))
  const tiers = (day: string) => [2, 3, 5].map((digits) => on(day).filter(({ code }) => code.length === digits).length)

  it('has the units of both times', () => {
    expect(tiers('2025-06-30')).toEqual(expected.before)
    expect(tiers('2025-07-01')).toEqual(expected.after)
  })

  it('says of every old commune what became of it', () => {
    const communes = on('2025-06-30').filter(({ code }) => code.length === 5)
    const ends = communes.map((unit) => inCharge(unit, '2026-11-20', known))
    expect(ends.filter((end) => !('unit' in end) && end.candidates.length === 0)).toEqual([])
    expect(ends.filter((end) => !('unit' in end))).toHaveLength(expected.divided)
  })

  it('finds every commune in force by its own centre', () => {
    for (const unit of on('2026-11-20').filter(({ centre }) => centre !== null))
      expect(locate(unit.centre!, '2026-11-20', known)).toMatchObject({ unit: { code: unit.code } })
  })

  it('has an agency for every commune in force, each under a code of its own', () => {
    const agencies = file.agencies.filter(({ to }) => to === null)
    expect(new Set(agencies.map(({ unit }) => unit)).size).toBeGreaterThanOrEqual(expected.after[2]!)
    expect(new Set(file.agencies.map(({ code }) => code)).size).toBe(file.agencies.length)
    expect(file.agencies.every(({ placeholder }) => placeholder)).toBe(true)
  })
})
