import type { MultiPolygon, Polygon } from 'geojson'
import type { Point } from '../words.ts'

/** A calendar day in Vietnam, `YYYY-MM-DD`: days in this form compare as text. */
export type Day = string

/** The register reuses codes, so a unit is named by its code and the first day of its validity. */
export interface UnitKey {
  readonly code: string
  readonly from: Day
}

export interface Unit extends UnitKey {
  /** The last day in force; null while it is in force. */
  readonly to: Day | null
  /** `Xã`, `Phường`, `Huyện` …, as the register writes it. */
  readonly type: string
  /** Without the type: `Mường Nhé`. */
  readonly name: string
  readonly aliases: readonly string[]
  readonly parent: string | null
  /** The point inside the unit that is farthest from its border, and that distance in metres. */
  readonly centre: Point | null
  readonly radius: number | null
}

/** On the day `at`, all (`full`) or a part (`partial`) of the old unit became the new one's. */
export interface UnitLink {
  readonly oldCode: string
  readonly newCode: string
  readonly kind: 'full' | 'partial'
  readonly at: Day
}

export interface Bounds {
  readonly minLat: number
  readonly maxLat: number
  readonly minLng: number
  readonly maxLng: number
}

/** A unit's border, WGS 84. */
export interface Shape extends UnitKey {
  readonly geometry: Polygon | MultiPolygon
  readonly bounds: Bounds
}

export function validOn(unit: Pick<Unit, 'from' | 'to'>, day: Day): boolean {
  return unit.from <= day && (unit.to === null || day <= unit.to)
}

export function dayBefore(day: Day): Day {
  return new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10)
}

export function within(bounds: Bounds, { lat, lng }: Point): boolean {
  return bounds.minLat <= lat && lat <= bounds.maxLat && bounds.minLng <= lng && lng <= bounds.maxLng
}
