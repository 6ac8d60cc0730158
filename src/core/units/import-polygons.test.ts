import type { Position } from 'geojson'
import { describe, expect, it } from 'vitest'
import { isFault } from '../fault.ts'
import { gazetteer } from './gazetteer.ts'
import { recognise } from './import-polygons.ts'
import { readPolygons } from './polygon-file.ts'
import type { Unit } from './unit.ts'

const base = { type: 'Xã', aliases: [], parent: '99', centre: null, radius: null }
const known = gazetteer({
  units: [
    { ...base, code: '099', from: '2020-01-01', to: '2025-06-30', type: 'Huyện', name: 'Suối' },
    { ...base, code: '00001', from: '2020-01-01', to: '2025-06-30', name: 'Suối', parent: '099' },
    {
      ...base,
      code: '00001',
      from: '2025-07-01',
      to: null,
      name: 'Đèo',
      aliases: ['Đèo Gió'],
      centre: { lat: 22.5, lng: 103.5 },
    },
    { ...base, code: '00002', from: '2025-07-01', to: null, name: 'Hồ' },
  ],
  links: [],
  shapes: [],
})

const around: Position[] = square(22, 103)
const elsewhere: Position[] = square(10, 106)

function square(lat: number, lng: number): Position[] {
  return [
    [lng, lat],
    [lng + 1, lat],
    [lng + 1, lat + 1],
    [lng, lat + 1],
    [lng, lat],
  ]
}

function collection(...features: object[]): string {
  return JSON.stringify({
    type: 'FeatureCollection',
    features: features.map((f) => ({ type: 'Feature', properties: null, ...f })),
  })
}

function polygon(ring: unknown): { geometry: object } {
  return { geometry: { type: 'Polygon', coordinates: [ring] } }
}

function recognised(geojson: string, at = '2026-11-20') {
  const features = readPolygons(geojson)
  if (isFault(features)) throw new Error(features.message)
  const { shapes, unknown } = recognise(features, known, at)
  return { units: shapes.map(({ code, from }) => `${code} ${from}`), unknown, shapes }
}

describe('a feature is recognised', () => {
  const today = '00001 2025-07-01'
  const formerly = '00001 2020-01-01'
  it.each([
    ['by code', { properties: { id: '00001' } }, today],
    ['by code and name', { properties: { code: '00001', name: 'Xã Đèo' } }, today],
    ['without type and diacritics', { properties: { maXa: '00001', tenXa: 'DEO' } }, today],
    ['by code and alias', { properties: { ward_code: '00001', ward_name: 'Xã Đèo Gió' } }, today],
    ['by the id of the feature', { id: '00001', properties: { unit_name: 'Đèo' } }, today],
    ['by name, where the centre confirms it', { id: 'layer.17', properties: { a03_ten: 'Xã Đèo' } }, today],
    ['as of the day that it says', { properties: { id: '00001', valid_to: '2025-06-30' } }, formerly],
    ['as of its first day', { properties: { id: '00001', name: 'Xã Đèo', valid_from: '2025-07-01' } }, today],
  ])('%s', (_, feature: object, expected) => {
    expect(recognised(collection({ ...polygon(around), ...feature }))).toMatchObject({ units: [expected], unknown: [] })
  })

  it('as of the day that is given, where it says none', () => {
    expect(recognised(collection({ ...polygon(around), properties: { id: '00001' } }), '2024-01-01').units).toEqual([
      formerly,
    ])
  })

  it('together with the other features of its unit', () => {
    const { shapes } = recognised(
      collection(
        { ...polygon(around), properties: { id: '00001' } },
        { ...polygon(elsewhere), properties: { id: '00001' } },
      ),
    )
    expect(shapes).toEqual([
      {
        code: '00001',
        from: '2025-07-01',
        geometry: { type: 'MultiPolygon', coordinates: [[around], [elsewhere]] },
        bounds: { minLat: 10, maxLat: 23, minLng: 103, maxLng: 107 },
      },
    ])
  })
})

describe('a feature is left out', () => {
  it.each([
    ['whose code is unknown', { properties: { id: '00009', name: 'Đèo' } }, '00009 Đèo'],
    ['whose name is another unit', { properties: { id: '00001', name: 'Xã Hồ' } }, '00001 Xã Hồ'],
    ['whose name was the old unit with its code', { properties: { id: '00001', name: 'Xã Suối' } }, '00001 Xã Suối'],
    ['whose name cannot be checked by a place', { properties: { name: 'Xã Hồ' } }, 'Xã Hồ'],
    ['of a day on which no such unit was', { properties: { id: '00002', valid_to: '2025-06-30' } }, '00002'],
    ['that says nothing', { properties: {} }, 'feature 0'],
    [
      'that lies elsewhere: a namesake in another province',
      { ...polygon(elsewhere), properties: { name: 'Xã Đèo' } },
      '00001 Xã Đèo',
    ],
  ])('%s', (_, feature: object, unknown) => {
    expect(recognised(collection({ ...polygon(around), ...feature }))).toMatchObject({ units: [], unknown: [unknown] })
  })

  it('whose name fits two units of its day', () => {
    expect(recognised(collection({ ...polygon(around), properties: { name: 'Suối' } }), '2024-01-01')).toMatchObject({
      units: [],
      unknown: ['Suối'],
    })
  })
})

describe('a file is refused', () => {
  it.each([
    ['that is no JSON', '{"type":', /not JSON/],
    ['that is no collection', '{"type":"Topology"}', /FeatureCollection/],
    ['that is empty', collection(), /features/],
    ['with a point', collection({ geometry: { type: 'Point', coordinates: [103, 22] } }), /features\.0\.geometry/],
    [
      'in metres of VN-2000',
      collection(
        polygon([
          [500_000, 2_300_000],
          [500_100, 2_300_000],
          [500_100, 2_300_100],
          [500_000, 2_300_000],
        ]),
      ),
      /degrees/,
    ],
    ['with a line that does not close', collection(polygon([...around.slice(0, 4), [103, 22.1]])), /not closed/],
    ['with too short a line', collection(polygon(around.slice(0, 3))), /four/],
    ['with words for numbers', collection(polygon([['103', '22'], ...around])), /two numbers/],
    ['that is larger than 64 MB', ' '.repeat(64 * 1024 * 1024 + 1), /larger/],
  ])('%s', (_, geojson, problem) => {
    expect(readPolygons(geojson)).toEqual(
      expect.objectContaining({ fault: 'rejected', message: expect.stringMatching(problem) }),
    )
  })
})

it('stores a MultiPolygon of one polygon as that polygon', () => {
  const unit: Unit = known.coded.get('00002')![0]!
  const { shapes } = recognised(
    collection({ geometry: { type: 'MultiPolygon', coordinates: [[around]] }, properties: { id: unit.code } }),
  )
  expect(shapes[0]).toMatchObject({
    geometry: { type: 'Polygon' },
    bounds: { minLat: 22, maxLat: 23, minLng: 103, maxLng: 104 },
  })
})
