import { makeGazetteer, type Gazetteer as NameFinder } from '../../normalize/place.ts'
import type { Clock } from '../../platform/clock/clock.ts'
import type { Db } from '../../platform/database/database.ts'
import { type Gazetteer, readUnits } from './gazetteer.ts'

/** What routing and reading know of units, held in memory for a minute: an import by another process is seen within that time. */
export interface UnitStore {
  get(): Promise<{ readonly known: Gazetteer; readonly names: NameFinder }>
  /** After an import by this process. */
  forget(): void
}

const FRESH_MS = 60_000

export function unitStore(db: Db, clock: Clock): UnitStore {
  let held: { readonly at: number; readonly loaded: ReturnType<UnitStore['get']> } | undefined
  async function load() {
    const known = await readUnits(db)
    const names = makeGazetteer(
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
