import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readUnitsFile } from '../units/file.ts'
import { gazetteer } from '../units/gazetteer.ts'
import type { UnitKey } from '../units/unit.ts'
import { type PlaceSaid, unitFor } from './unit-for.ts'

const file = readUnitsFile(readFileSync(new URL('../../../data/units/dien-bien.yaml', import.meta.url), 'utf8'))
if (!('value' in file)) throw new Error('data/units/dien-bien.yaml does not read')
const KNOWN = gazetteer({ ...file.value, shapes: [] })
const TODAY = '2026-10-19'

const MUONG_NHE = { lat: 22.23333, lng: 102.42334 }
const NAM_KE = { lat: 22.07512, lng: 102.51865 }
const BETWEEN = { lat: 22.1, lng: 102.3 }
const HANOI = { lat: 21.03, lng: 105.85 }

const key = (code: string, from = '2025-07-01'): UnitKey => ({ code, from })
const pin = (point: PlaceSaid['point'], ...named: readonly UnitKey[]): PlaceSaid => ({ point, named })
const names = (...named: readonly UnitKey[]): PlaceSaid => ({ point: undefined, named })
const PROVINCE = key('11', '2004-01-01')

function found(...said: readonly PlaceSaid[]): string {
  const unit = unitFor(said, TODAY, KNOWN)
  return typeof unit === 'string' ? unit : `${unit.how} ${unit.unit.code} ${unit.unit.from}`
}

describe('the unit in charge', () => {
  it.each<[string, readonly PlaceSaid[], string]>([
    ['of a pin', [pin(MUONG_NHE)], 'nearest 03160 2025-07-01'],
    ['of a name', [names(key('03160'))], 'named 03160 2025-07-01'],
    ['of a pin before a name', [pin(MUONG_NHE, key('03162'))], 'nearest 03160 2025-07-01'],
    ['of a name where the pin does not tell', [pin(BETWEEN, key('03162'))], 'named 03162 2025-07-01'],
    ['of a name that was before the merger', [names(key('03166', '2020-01-01'))], 'named 03166 2025-07-01'],
    [
      'of one name in two times that lead to one unit',
      [names(key('03160'), key('03160', '2020-01-01'))],
      'named 03160 2025-07-01',
    ],
    ['of a name beside that of the province', [names(PROVINCE, key('03160'))], 'named 03160 2025-07-01'],
    ['of the first report that says enough', [names(), pin(NAM_KE), pin(MUONG_NHE)], 'nearest 03162 2025-07-01'],
    ['of a later report where the first is not clear', [pin(BETWEEN), names(key('03160'))], 'named 03160 2025-07-01'],
  ])('is found %s', (_, said, unit) => {
    expect(found(...said)).toBe(unit)
  })

  it.each<[string, readonly PlaceSaid[], string]>([
    ['nothing is said', [], 'no-place'],
    ['no report says a place', [names(), names()], 'no-place'],
    ['only the province is named', [names(PROVINCE)], 'no-place'],
    ['a unit that never was is named', [names(key('99999'))], 'no-place'],
    ['two units are named', [names(key('03160'), key('03162'))], 'place-not-clear'],
    ['a former district is named that became several units', [names(key('097', '2020-01-01'))], 'place-not-clear'],
    ['the pin is between units', [pin(BETWEEN)], 'place-not-clear'],
    ['the pin is in another province', [pin(HANOI)], 'place-outside'],
    ['the pin is outside and two units are named', [pin(HANOI, key('03160'), key('03162'))], 'place-outside'],
  ])('is for an officer to say where %s', (_, said, reason) => {
    expect(found(...said)).toBe(reason)
  })
})

it('is that of the day, not of today', () => {
  const before = unitFor([names(key('03166', '2020-01-01'))], '2025-06-30', KNOWN)
  expect(before).toMatchObject({ unit: { name: 'Chà Cang' } })
})
