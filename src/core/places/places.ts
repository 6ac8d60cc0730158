import { type Landmark, makeLandmarks } from '../../normalize/landmarks.ts'
import { makeGazetteer, type NamedUnit } from '../../normalize/place.ts'
import { fold } from '../../normalize/text.ts'
import type { PlaceData } from '../../normalize/where.ts'
import type { Unit } from '../units/unit.ts'
import type { PlacesFile } from './file.ts'

/** The last days of the three tiers that people still name. */
const THREE_TIERS_END = '2025-06-30'

/** What the reader must know of a province: its units of three tiers under every name that people call them by, its streets and landmarks. */
export function placesOf(units: readonly Unit[], file: PlacesFile): PlaceData {
  const old = units.filter(({ from }) => from <= THREE_TIERS_END)
  const byCode = new Map(old.map((unit) => [unit.code, toNamed(unit, unit.name)]))
  const calls = new Map(Object.entries(file.calls).map(([name, others]) => [fold(name), others]))
  const districts = new Map(
    old.filter((unit) => unit.parent === file.province).map((unit) => [fold(unit.name), unit] as const),
  )
  const namesOf = (of: readonly Unit[]) =>
    of.flatMap((unit) =>
      [
        unit.name,
        ...unit.aliases,
        ...(isOf(unit, file.province, byCode) ? (calls.get(fold(unit.name)) ?? []) : []),
      ].map((name) => toNamed(unit, name)),
    )
  const home = old.filter((unit) => unit.code === file.province || isOf(unit, file.province, byCode))
  const former = Object.entries(file.former).flatMap(([district, wards]) =>
    wards.flatMap((name) => formerWard(name, districts.get(fold(district)))),
  )
  for (const unit of former) byCode.set(unit.code, unit)
  return {
    units: makeGazetteer([...namesOf(home), ...former]),
    others: makeGazetteer(namesOf(old.filter((unit) => !home.includes(unit)))),
    landmarks: makeLandmarks(
      [...Object.entries(file.places)].flatMap(([district, wards]) => landmarksOf(district, wards)),
    ),
    province: file.province,
    byCode,
  }
}

function toNamed({ code, from, type, parent }: Unit, name: string): NamedUnit {
  return { code, period: from, name, type, ...(parent !== null && { parent }) }
}

function isOf(unit: Unit, province: string, byCode: ReadonlyMap<string, NamedUnit>): boolean {
  return unit.parent === province || (unit.parent !== null && byCode.get(unit.parent)?.parent === province)
}

/** A ward that the register no longer had in its last days, and people still name. */
function formerWard(name: string, district: Unit | undefined): NamedUnit[] {
  if (district === undefined) return []
  const { type, own } = apart(name)
  return [{ code: `${district.code}:${fold(own)}`, period: district.from, name: own, type, parent: district.code }]
}

/** A name with its type before it, as the files write those that need one. */
function apart(name: string): { readonly type: string; readonly own: string } {
  const size = /^(?:(phuong|xa)|thi tran) /.exec(fold(name))
  const words = name.split(' ')
  const count = size === null ? 0 : size[1] === undefined ? 2 : 1
  return { type: words.slice(0, count).join(' '), own: words.slice(count).join(' ') }
}

const SEVERAL = 'several'

function landmarksOf(district: string, wards: Readonly<Record<string, readonly string[]>>): Landmark[] {
  return Object.entries(wards).flatMap(([ward, names]) =>
    names.flatMap((each) =>
      each.split('|').map((name) => ({
        name: name.trim(),
        district,
        ...(ward !== SEVERAL && { ward: /\d/.test(ward) ? ward : apart(ward).own }),
      })),
    ),
  )
}
