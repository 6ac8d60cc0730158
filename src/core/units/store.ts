import { makeGazetteer } from '../../normalize/place.ts'
import type { Clock } from '../../platform/clock/clock.ts'
import type { Db } from '../../platform/database/database.ts'
import type { ReadShipped } from '../deadlines/load-calendar.ts'
import { shippedModels } from '../learning/shipped.ts'
import { shippedPlaces } from '../places/shipped.ts'
import type { Reader } from '../reading/reader.ts'
import { type Gazetteer, readUnits } from './gazetteer.ts'

/** What routing and reading know of units, held in memory for a minute: an import by another process is seen within that time. */
export interface UnitStore {
  get(): Promise<{ readonly known: Gazetteer; readonly names: Reader }>
  /** After an import by this process. */
  forget(): void
}

const FRESH_MS = 60_000

export function unitStore(db: Db, clock: Clock, read: ReadShipped): UnitStore {
  let held: { readonly at: number; readonly loaded: ReturnType<UnitStore['get']> } | undefined
  async function load() {
    const known = await readUnits(db)
    const units = makeGazetteer(
      known.units.flatMap(({ code, from, name, aliases, type, parent }) =>
        [name, ...aliases].map((written) => ({
          code,
          period: from,
          name: written,
          type,
          ...(parent !== null && { parent }),
        })),
      ),
    )
    const names = { units, places: await shippedPlaces(read, known.units), ...(await shippedModels(read)) }
    return { known, names }
  }
  return {
    get: () => {
      const now = clock.now().getTime()
      if (held === undefined || Math.abs(now - held.at) >= FRESH_MS) {
        const loaded = load()
        held = { at: now, loaded }
        loaded.catch(() => {
          held = undefined
        })
      }
      return held.loaded
    },
    forget: () => {
      held = undefined
    },
  }
}
