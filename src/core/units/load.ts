import { sql } from 'drizzle-orm'
import { fold } from '../../normalize/text.ts'
import type { Tx } from '../../platform/database/database.ts'
import { unitLinks, units } from '../tables/units.ts'
import type { UnitsFile } from './file.ts'

/** A statement takes at most 65,535 parameters, a unit has 11. */
const ROWS = 1000

/**
 * Writes a file's units and links; what is there already is brought up to date, so that loading a file again changes nothing. A unit that a
 * later file no longer has stays: cases of its time point to it.
 */
export async function loadUnits(tx: Tx, file: UnitsFile): Promise<void> {
  const rows = file.units.map(({ from, to, parent, centre, ...unit }) => ({
    ...unit,
    validFrom: from,
    validTo: to,
    parentCode: parent,
    foldedName: fold(`${unit.type} ${unit.name}`),
    lat: centre?.lat ?? null,
    lng: centre?.lng ?? null,
  }))
  for (let i = 0; i < rows.length; i += ROWS) {
    await tx
      .insert(units)
      .values(rows.slice(i, i + ROWS))
      .onConflictDoUpdate({
        target: [units.code, units.validFrom],
        set: {
          validTo: sql`excluded.valid_to`,
          type: sql`excluded.type`,
          name: sql`excluded.name`,
          foldedName: sql`excluded.folded_name`,
          aliases: sql`excluded.aliases`,
          parentCode: sql`excluded.parent_code`,
          lat: sql`excluded.lat`,
          lng: sql`excluded.lng`,
          radius: sql`excluded.radius`,
        },
      })
  }
  for (let i = 0; i < file.links.length; i += ROWS) {
    await tx
      .insert(unitLinks)
      .values(file.links.slice(i, i + ROWS))
      .onConflictDoUpdate({
        target: [unitLinks.oldCode, unitLinks.newCode, unitLinks.at],
        set: { kind: sql`excluded.kind` },
      })
  }
}
