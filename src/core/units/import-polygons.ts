import { sql } from 'drizzle-orm'
import { fold } from '../../normalize/text.ts'
import type { Tx } from '../../platform/database/database.ts'
import { type Fault, isFault } from '../fault.ts'
import { unitPolygons } from '../tables/units.ts'
import { type Gazetteer, readUnits } from './gazetteer.ts'
import { boundsOf, joined, type PolygonFeature, readPolygons } from './polygon-file.ts'
import { type Day, type Shape, type Unit, validOn, within } from './unit.ts'

export interface Imported {
  readonly stored: number
  /** What the file calls the units that were not recognised; nothing of theirs was stored. */
  readonly unknown: string[]
}

/** What the property is called in files in circulation, without case and punctuation; `a03_ten` is that of the national map of 2025. */
const CODE = [
  'code',
  'unitcode',
  'wardcode',
  'districtcode',
  'nsocode',
  'gsocode',
  'ma',
  'maxa',
  'mahuyen',
  'madvhc',
  'id',
  'level2id',
  'level3id',
]
const NAME = [
  'fullname',
  'name',
  'unitname',
  'wardname',
  'districtname',
  'ten',
  'tenxa',
  'tenhuyen',
  'tendvhc',
  'a03ten',
]
const FROM = ['validfrom']
const TO = ['validto']

/**
 * Stores the borders of units from a GeoJSON FeatureCollection. A border in the wrong place sends reports to the wrong office, so a feature
 * is taken only if nothing speaks against it.
 *
 * @param at the day for which the borders hold, where a feature does not say itself (`valid_from`, `valid_to`)
 */
export async function importPolygons(tx: Tx, geojson: string, at: Day): Promise<Imported | Fault> {
  const features = readPolygons(geojson)
  if (isFault(features)) return features
  const { shapes, unknown } = recognise(features, await readUnits(tx), at)
  for (const { code, from, geometry, bounds } of shapes) {
    await tx
      .insert(unitPolygons)
      .values({ code, validFrom: from, geometry, ...bounds })
      .onConflictDoUpdate({
        target: [unitPolygons.code, unitPolygons.validFrom],
        set: {
          geometry: sql`excluded.geometry`,
          minLat: sql`excluded.min_lat`,
          maxLat: sql`excluded.max_lat`,
          minLng: sql`excluded.min_lng`,
          maxLng: sql`excluded.max_lng`,
        },
      })
  }
  return { stored: shapes.length, unknown }
}

/** Which unit each feature is; the features of one unit become one shape. */
export function recognise(
  features: readonly PolygonFeature[],
  known: Gazetteer,
  at: Day,
): { shapes: Shape[]; unknown: string[] } {
  const unknown: string[] = []
  const found = new Map<Unit, PolygonFeature['geometry'][]>()
  for (const [i, feature] of features.entries()) {
    const said = whatItSays(feature)
    const unit = unitOf(said, known, at)
    if (unit === undefined) unknown.push([said.code, said.name].filter(Boolean).join(' ') || `feature ${i}`)
    else found.set(unit, [...(found.get(unit) ?? []), feature.geometry])
  }
  const shapes: Shape[] = []
  for (const [unit, geometries] of found) {
    const geometry = joined(geometries)
    const bounds = boundsOf(geometry)
    // The same name or code elsewhere: another province, another numbering.
    if (unit.centre !== null && !within(bounds, unit.centre)) unknown.push(`${unit.code} ${unit.type} ${unit.name}`)
    else shapes.push({ code: unit.code, from: unit.from, geometry, bounds })
  }
  return { shapes, unknown }
}

interface Said {
  readonly code: string | undefined
  readonly name: string | undefined
  readonly day: Day | undefined
}

function whatItSays({ id, properties }: PolygonFeature): Said {
  const byKey = new Map<string, string>()
  for (const [key, value] of Object.entries(properties ?? {})) {
    if (typeof value === 'string' && value.trim() !== '')
      byKey.set(key.toLowerCase().replace(/[^a-z0-9]/g, ''), value.trim())
  }
  const first = (keys: readonly string[]) => keys.map((key) => byKey.get(key)).find((value) => value !== undefined)
  const codes = [...CODE.map((key) => byKey.get(key)), typeof id === 'string' ? id : undefined]
  return {
    code: codes.find((code) => code !== undefined && /^(\d{2}|\d{3}|\d{5})$/.test(code)),
    name: first(NAME),
    day: first(FROM) ?? first(TO),
  }
}

/**
 * By code, unless the name is another unit's. By name alone only where it is the only one of that name here and has a centre to check the
 * border against: in a file of the whole country many a commune has namesakes in other provinces.
 */
function unitOf({ code, name, day }: Said, known: Gazetteer, at: Day): Unit | undefined {
  const namesakes =
    name === undefined ? undefined : (known.named.get(fold(name)) ?? []).filter((unit) => validOn(unit, day ?? at))
  if (code !== undefined) {
    const unit = known.coded.get(code)?.find((coded) => validOn(coded, day ?? at))
    return unit === undefined || namesakes?.includes(unit) === false ? undefined : unit
  }
  const [only, ...others] = namesakes ?? []
  return others.length === 0 && only?.centre ? only : undefined
}
