import { booleanPointInPolygon } from '@turf/boolean-point-in-polygon'
import type { Point } from '../words.ts'
import type { Gazetteer } from './gazetteer.ts'
import { type Day, type Unit, validOn, within } from './unit.ts'

export type Located =
  | { readonly unit: Unit; readonly how: 'polygon' }
  | { readonly unit: Unit; readonly how: 'nearest'; readonly distanceMetres: number }
  | { readonly none: 'outside' | 'not-clear' }

/**
 * Where no border is loaded, a point belongs to a unit if it lies within 1.1 times the unit's `radius` (centre to nearest border) of its centre,
 * and to that unit for which the ratio is least. Measured with points spread evenly over the communes of 2025 of five provinces:
 *
 * | rule                                             | Điện Biên      | Gia Lai        | Cà Mau         | Đắk Lắk        | TP.HCM         |
 * | ------------------------------------------------ | -------------- | -------------- | -------------- | -------------- | -------------- |
 * | the nearest centre, always                       | 100 %, 0.80    | 100 %, 0.73    | 100 %, 0.78    | 100 %, 0.75    | 100 %, 0.76    |
 * | nearest at most half of second nearest, and 8 km | 41 %, 0.980    | 38 %, 0.954    | 41 %, 0.976    | 37 %, 0.963    | 42 %, 0.969    |
 * | within 1.0 radius                                | 45 %, 1.000    | 44 %, 1.000    | 45 %, 1.000    | 43 %, 1.000    | 41 %, 1.000    |
 * | **within 1.1 radius**                            | 54 %, 0.983    | 53 %, 0.980    | 55 %, 0.979    | 51 %, 0.983    | 49 %, 0.982    |
 * | within 1.2 radius                                | 62 %, 0.959    | 61 %, 0.945    | 63 %, 0.945    | 59 %, 0.950    | 57 %, 0.952    |
 *
 * (share of points answered, share of answers that are right). With foreign land counted in, everything within 0.1 degree of Điện Biên's bounding
 * box, the chosen rule is right in 0.977 of its answers, the half-distance rule in 0.927.
 */
const RADII = 1.1

/** No point of the five provinces is farther than 36 km from every centre of a commune, and none of Điện Biên than 41 km from every centre of a district. */
const OUTSIDE_METRES = 50_000

/**
 * The unit of the lowest tier in force on `at` that holds the point. `not-clear`: on a common border, or too little is known to say; a
 * person must look. `outside`: in no unit at all.
 */
export function locate(point: Point, at: Day, known: Gazetteer): Located {
  const lowest = leaves(
    known.units.filter((unit) => validOn(unit, at) && (unit.centre !== null || known.shapeOf(unit) !== undefined)),
  )
  const holding = lowest.filter((unit) => holds(unit, point, known))
  if (holding.length === 1) return { unit: holding[0]!, how: 'polygon' }
  if (holding.length > 1) return { none: 'not-clear' }
  const unbordered = lowest.filter((unit) => known.shapeOf(unit) === undefined)
  if (unbordered.length === 0) return { none: lowest.length > 0 ? 'outside' : 'not-clear' }
  return nearest(point, unbordered)
}

function holds(unit: Unit, point: Point, known: Gazetteer): boolean {
  const shape = known.shapeOf(unit)
  return (
    shape !== undefined && within(shape.bounds, point) && booleanPointInPolygon([point.lng, point.lat], shape.geometry)
  )
}

/** Without the units that others of the list lie in: a district does not compete with its communes. */
function leaves(candidates: readonly Unit[]): readonly Unit[] {
  const parents = new Set(candidates.map((unit) => unit.parent))
  return candidates.filter((unit) => !parents.has(unit.code))
}

function nearest(point: Point, candidates: readonly Unit[]): Located {
  let best: { unit: Unit; metres: number; radii: number } | undefined
  let least = Number.POSITIVE_INFINITY
  for (const unit of candidates) {
    if (unit.centre === null) continue
    const metres = metresBetween(point, unit.centre)
    const radii = unit.radius === null ? Number.POSITIVE_INFINITY : metres / unit.radius
    least = Math.min(least, metres)
    if (radii < (best?.radii ?? RADII)) best = { unit, metres, radii }
  }
  if (best !== undefined) return { unit: best.unit, how: 'nearest', distanceMetres: Math.round(best.metres) }
  return { none: least > OUTSIDE_METRES ? 'outside' : 'not-clear' }
}

/** Along the great circle, on a sphere of the mean radius of WGS 84. */
function metresBetween(a: Point, b: Point): number {
  const radians = Math.PI / 180
  const halfLat = Math.sin(((b.lat - a.lat) * radians) / 2)
  const halfLng = Math.sin(((b.lng - a.lng) * radians) / 2)
  return (
    2 *
    6_371_008.8 *
    Math.asin(Math.sqrt(halfLat ** 2 + Math.cos(a.lat * radians) * Math.cos(b.lat * radians) * halfLng ** 2))
  )
}
