import type { PlaceData } from '../../normalize/where.ts'
import type { ReadShipped } from '../deadlines/load-calendar.ts'
import type { Unit } from '../units/unit.ts'
import { describeProblems } from '../yaml.ts'
import { type PlacesFile, readPlacesFile } from './file.ts'
import { placesOf } from './places.ts'

/** One file a province. */
const FILES = ['binh-dinh', 'ca-mau', 'dak-lak', 'dien-bien', 'hcmc']

/** Read once: they change with the product alone. */
const read = new WeakMap<ReadShipped, Promise<readonly PlacesFile[]>>()

/** What ships of the provinces whose units are loaded, by their codes. */
export async function shippedPlaces(
  readShipped: ReadShipped,
  units: readonly Unit[],
): Promise<ReadonlyMap<string, PlaceData>> {
  const files = read.get(readShipped) ?? readAll(readShipped)
  read.set(readShipped, files)
  const codes = new Set(units.map(({ code }) => code))
  const loaded = (await files).filter(({ province }) => codes.has(province))
  return new Map(loaded.map((file) => [file.province, placesOf(units, file)]))
}

function readAll(readShipped: ReadShipped): Promise<readonly PlacesFile[]> {
  return Promise.all(
    FILES.map(async (name) => {
      const file = `data/places/${name}.yaml`
      const found = readPlacesFile(await readShipped(file))
      if ('problems' in found) throw new Error(describeProblems(file, found.problems))
      return found.value
    }),
  )
}
