import type { LinearModel } from '../../normalize/linear.ts'
import type { Gazetteer } from '../../normalize/place.ts'
import type { ReadData } from '../../normalize/read-report.ts'
import type { PlaceData } from '../../normalize/where.ts'

/** All that reading a submission needs beside it, of every province that is loaded. */
export interface Reader {
  /** Units of every period, which cases are routed by. */
  readonly units: Gazetteer
  /** By the province's code. */
  readonly places: ReadonlyMap<string, PlaceData>
  readonly matters: LinearModel
  readonly urgency: LinearModel
}

/** Of one province; of one that no places are known of, what holds everywhere. */
export function readDataOf({ units, places, matters, urgency }: Reader, province: string): ReadData {
  const none: PlaceData = { units, others: units, landmarks: NO_LANDMARKS, province, byCode: new Map() }
  return { places: places.get(province) ?? none, matters, urgency }
}

const NO_LANDMARKS: PlaceData['landmarks'] = { root: { next: new Map(), landmarks: [] } }
