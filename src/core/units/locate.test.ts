import type { Position } from 'geojson'
import { describe, expect, it } from 'vitest'
import { gazetteer } from './gazetteer.ts'
import { locate } from './locate.ts'
import { boundsOf } from './polygon-file.ts'
import type { Shape, Unit } from './unit.ts'

/** Two communes side by side, 0.1 degrees wide (10.3 km at this latitude), in a district that ended. West has a lake of another province. */
const west: Unit = commune('00001', 'Tây', { lat: 22.05, lng: 103.05 })
const east: Unit = commune('00002', 'Đông', { lat: 22.05, lng: 103.15 })
const district: Unit = {
  ...commune('001', 'Cũ', { lat: 22.05, lng: 103.1 }),
  from: '2020-01-01',
  to: '2025-06-30',
  type: 'Huyện',
  parent: '99',
  radius: null,
}
const lake: Position[] = square(22.02, 103.02, 0.01)

function commune(code: string, name: string, centre: Unit['centre']): Unit {
  return { code, from: '2025-07-01', to: null, type: 'Xã', name, aliases: [], parent: '99', centre, radius: 5000 }
}

function square(lat: number, lng: number, size: number, width = size): Position[] {
  return [
    [lng, lat],
    [lng + width, lat],
    [lng + width, lat + size],
    [lng, lat + size],
    [lng, lat],
  ]
}

function shape({ code, from }: Unit, ...coordinates: Position[][]): Shape {
  const geometry = { type: 'Polygon', coordinates } as const
  return { code, from, geometry, bounds: boundsOf(geometry) }
}

const westShape = shape(west, square(22, 103, 0.1), lake)
const eastShape = shape(east, square(22, 103.1, 0.1))
const districtShape = shape(district, square(22, 103, 0.1, 0.2))
const known = (units: Unit[], ...shapes: Shape[]) => gazetteer({ units, links: [], shapes })
const NOW = '2026-11-20'

describe('with borders', () => {
  const bordered = known([west, east, district], westShape, eastShape, districtShape)
  it.each([
    ['inside', 22.05, 103.01, NOW, { unit: west, how: 'polygon' }],
    ['inside, near the neighbour', 22.05, 103.0999, NOW, { unit: west, how: 'polygon' }],
    ['in the neighbour', 22.05, 103.1001, NOW, { unit: east, how: 'polygon' }],
    ['on the common border', 22.05, 103.1, NOW, { none: 'not-clear' }],
    ['in a hole', 22.025, 103.025, NOW, { none: 'outside' }],
    ['beyond', 22.11, 103.05, NOW, { none: 'outside' }],
    ['at the other end of the world', -22, -77, NOW, { none: 'outside' }],
    ['in the district of its day', 22.05, 103.1, '2025-06-30', { unit: district, how: 'polygon' }],
    ['before any unit was', 22.05, 103.05, '2019-12-31', { none: 'not-clear' }],
  ])('%s', (_, lat, lng, at, expected) => expect(locate({ lat, lng }, at, bordered)).toEqual(expected))

  it('prefers the commune to the district that it lies in', () => {
    const inside = { ...west, parent: '001', from: '2020-01-01' }
    expect(
      locate(
        { lat: 22.05, lng: 103.05 },
        '2024-01-01',
        known([inside, district], shape(inside, square(22, 103, 0.1)), districtShape),
      ),
    ).toEqual({
      unit: inside,
      how: 'polygon',
    })
  })
})

describe('without borders', () => {
  const bare = known([west, east])
  it.each([
    ['at the centre', 22.05, 103.05, { unit: west, how: 'nearest', distanceMetres: 0 }],
    ['within 1.1 radius', 22.05, 103.103, { unit: east, how: 'nearest', distanceMetres: 4844 }],
    ['as far as that from both', 22.05, 103.1, { unit: west, how: 'nearest', distanceMetres: 5153 }],
    ['in a corner', 22.001, 103.001, { none: 'not-clear' }],
    ['30 km off', 22.32, 103.05, { none: 'not-clear' }],
    ['55 km off', 22.55, 103.05, { none: 'outside' }],
  ])('%s', (_, lat, lng, expected) => expect(locate({ lat, lng }, NOW, bare)).toEqual(expected))

  it('does not guess for a unit whose size it does not know', () => {
    expect(locate({ lat: 22.05, lng: 103.05 }, NOW, known([{ ...west, radius: null }]))).toEqual({ none: 'not-clear' })
  })

  it('measures by the size of each unit: a ward is smaller than the commune around it', () => {
    const ward = { ...east, centre: { lat: 22.05, lng: 103.08 }, radius: 500 }
    expect(locate({ lat: 22.05, lng: 103.07 }, NOW, known([west, ward]))).toMatchObject({ unit: west })
  })

  it('knows nothing where it has no units', () => {
    expect(locate({ lat: 22.05, lng: 103.05 }, NOW, known([]))).toEqual({ none: 'not-clear' })
  })
})

describe('with the borders of some', () => {
  const half = known([west, east], westShape)
  it.each([
    ['in the one that has a border', 22.05, 103.099, { unit: west, how: 'polygon' }],
    ['in the other', 22.05, 103.15, { unit: east, how: 'nearest', distanceMetres: 0 }],
    ['beyond the border of the first, however near its centre', 22.025, 103.025, { none: 'not-clear' }],
  ])('%s', (_, lat, lng, expected) => expect(locate({ lat, lng }, NOW, half)).toEqual(expected))
})
