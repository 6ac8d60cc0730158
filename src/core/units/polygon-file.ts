import type { MultiPolygon, Polygon } from 'geojson'
import { z } from 'zod'
import { type Fault, fault } from '../fault.ts'
import type { Bounds } from './unit.ts'

/** The 45 communes of Điện Biên in full detail are 14 MB, all 3,321 of the country 260 MB: a province fits, at any detail. */
const MAX_BYTES = 64 * 1024 * 1024

/** Checked in place: a schema of every number would copy them all, 730 MB and 3.4 s for a file of 43 MB. */
const Ring = z.custom<number[][]>().superRefine((ring, context) => {
  const problem = faultOfRing(ring)
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem })
})
const Rings = z.array(Ring).min(1)
const Feature = z.object({
  type: z.literal('Feature'),
  id: z.union([z.string(), z.number()]).optional(),
  properties: z.record(z.string(), z.unknown()).nullable(),
  geometry: z.discriminatedUnion('type', [
    z.object({ type: z.literal('Polygon'), coordinates: Rings }),
    z.object({ type: z.literal('MultiPolygon'), coordinates: z.array(Rings).min(1) }),
  ]),
})
const Collection = z.object({ type: z.literal('FeatureCollection'), features: z.array(Feature).min(1).max(20_000) })

export type PolygonFeature = z.output<typeof Feature>

/** Reads a GeoJSON FeatureCollection of polygons; a file that is anything else is refused whole (`rejected`). */
export function readPolygons(geojson: string): readonly PolygonFeature[] | Fault {
  if (Buffer.byteLength(geojson) > MAX_BYTES) return fault('rejected', `larger than ${MAX_BYTES} bytes`)
  let parsed: unknown
  try {
    parsed = JSON.parse(geojson)
  } catch (cause) {
    return fault('rejected', 'not JSON', { cause })
  }
  const read = Collection.safeParse(parsed)
  if (read.success) return read.data.features
  const first = read.error.issues[0]!
  return fault('rejected', `${first.path.map(String).join('.')}: ${first.message}`)
}

/** One geometry of all of a unit's features: a commune's islands may come as features of their own. */
export function joined(geometries: readonly PolygonFeature['geometry'][]): Polygon | MultiPolygon {
  const polygons = geometries.flatMap((geometry) =>
    geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates,
  )
  return polygons.length === 1
    ? { type: 'Polygon', coordinates: polygons[0]! }
    : { type: 'MultiPolygon', coordinates: polygons }
}

export function boundsOf(geometry: Polygon | MultiPolygon): Bounds {
  const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates
  const bounds = { minLat: 90, maxLat: -90, minLng: 180, maxLng: -180 }
  for (const [outer = []] of polygons) {
    for (const [lng = 0, lat = 0] of outer) {
      bounds.minLat = Math.min(bounds.minLat, lat)
      bounds.maxLat = Math.max(bounds.maxLat, lat)
      bounds.minLng = Math.min(bounds.minLng, lng)
      bounds.maxLng = Math.max(bounds.maxLng, lng)
    }
  }
  return bounds
}

/** RFC 7946 §3.1.6: a closed line of four or more positions. §4: WGS 84, longitude first; survey files in VN-2000 metres fall out here. */
function faultOfRing(ring: unknown): string | undefined {
  if (!Array.isArray(ring) || ring.length < 4) return 'not a ring of four or more positions'
  for (const position of ring as unknown[]) {
    const [lng, lat] = Array.isArray(position) ? (position as unknown[]) : []
    if (typeof lng !== 'number' || typeof lat !== 'number') return 'a position that is not two numbers'
    if (Math.abs(lng) > 180 || Math.abs(lat) > 90) return 'not longitude and latitude in degrees (WGS 84)'
  }
  const [first, last] = [ring[0], ring.at(-1)] as [number[], number[]]
  return first[0] === last[0] && first[1] === last[1] ? undefined : 'a ring that is not closed'
}
