import { fold } from '../../normalize/text.ts'
import type { Db, Tx } from '../../platform/database/database.ts'
import { unitLinks, unitPolygons, units as unitTable } from '../tables/units.ts'
import type { Shape, Unit, UnitKey, UnitLink } from './unit.ts'

/** All that is known of administrative units, of every period, in memory: 0.2 MB for a province, and its borders where they are loaded. */
export interface Gazetteer {
  readonly units: readonly Unit[]
  readonly links: readonly UnitLink[]
  readonly shapes: readonly Shape[]
  /** Units by folded name, with and without their type, and by folded alias. Several units of one or more periods may share a name. */
  readonly named: ReadonlyMap<string, readonly Unit[]>
  /** The units that once had or now have this code, and their borders. */
  readonly coded: ReadonlyMap<string, readonly Unit[]>
  shapeOf(unit: UnitKey): Shape | undefined
}

export function gazetteer(known: Pick<Gazetteer, 'units' | 'links' | 'shapes'>): Gazetteer {
  const named = new Map<string, Unit[]>()
  const coded = new Map<string, Unit[]>()
  for (const unit of known.units) {
    put(coded, unit.code, unit)
    const names = [unit.name, ...unit.aliases].flatMap((name) => [name, `${unit.type} ${name}`])
    for (const name of new Set(names.map(fold))) put(named, name, unit)
  }
  const shapes = new Map(known.shapes.map((shape) => [keyOf(shape), shape]))
  return { ...known, named, coded, shapeOf: (unit) => shapes.get(keyOf(unit)) }
}

/** Reads the tables whole: 185 units for Điện Biên; the largest province, TP. Hồ Chí Minh, has under 1,000. */
export async function readUnits(db: Db | Tx): Promise<Gazetteer> {
  const rows = await db.select().from(unitTable).orderBy(unitTable.validFrom, unitTable.code)
  const links = await db.select().from(unitLinks).orderBy(unitLinks.at, unitLinks.oldCode, unitLinks.newCode)
  const polygons = await db.select().from(unitPolygons)
  return gazetteer({
    units: rows.map((row) => ({
      code: row.code,
      from: row.validFrom,
      to: row.validTo,
      type: row.type,
      name: row.name,
      aliases: row.aliases,
      parent: row.parentCode,
      centre: row.lat === null || row.lng === null ? null : { lat: row.lat, lng: row.lng },
      radius: row.radius,
    })),
    links,
    shapes: polygons.map(({ code, validFrom, geometry, ...bounds }) => ({ code, from: validFrom, geometry, bounds })),
  })
}

function keyOf({ code, from }: UnitKey): string {
  return `${code} ${from}`
}

function put(index: Map<string, Unit[]>, key: string, unit: Unit): void {
  const found = index.get(key)
  if (found === undefined) index.set(key, [unit])
  else found.push(unit)
}
