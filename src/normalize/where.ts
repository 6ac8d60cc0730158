import { type FoundLandmark, findLandmarks, type Landmarks } from './landmarks.ts'
import { findUnitsIn, type Gazetteer, type NamedUnit, type UnitMention } from './place.ts'
import { placeSaid } from './place-said.ts'
import { findAll, type Said } from './said.ts'
import { fold } from './text.ts'

/** A part of what somebody sent, the one that says the place first. */
export interface Part {
  readonly from: string
  readonly said: Said
}

export interface PlaceRead {
  /** As the register of three tiers names it, without its type where it is a word: "Tân An", "Phường 5". */
  readonly ward?: string
  readonly district?: string
  /** 0 to 1. */
  readonly confidence: number
  readonly from: string
  readonly start: number
  readonly end: number
  /** Wards that the words allow, where they allow several. */
  readonly candidates: readonly string[]
  /** `named`: its name stands there; `implied`: a street or landmark that lies in it does. */
  readonly how: 'named' | 'implied'
  readonly why: readonly string[]
}

export interface PlaceData {
  /** Units of three tiers of the province itself. */
  readonly units: Gazetteer
  /** Those of its neighbours that are one with it now. */
  readonly others: Gazetteer
  readonly landmarks: Landmarks
  /** Code of the province in the register of three tiers: of two units of a name, that of the province itself is meant. */
  readonly province: string
  /** Names of districts and wards by their codes. */
  readonly byCode: ReadonlyMap<string, NamedUnit>
}

const COMMUNES = new Set(['xã', 'phường', 'thị trấn', 'đặc khu'])
const isWard = ({ type }: NamedUnit) => COMMUNES.has(type.toLowerCase())

interface Mention {
  readonly part: Part
  readonly units: readonly NamedUnit[]
  readonly typed: boolean
  readonly confidence: number
  readonly start: number
  readonly end: number
}

/** The ward and district that a matter lies in, as people name them, with what it rests on. Undefined where nothing says so. */
export function readWhere(parts: readonly Part[], data: PlaceData): PlaceRead | undefined {
  const read = parts.map((part) => ({ part, landmarks: findLandmarks(part.said, data.landmarks) }))
  const own = read.flatMap(({ part, landmarks }) => mentionsIn(part, landmarks, data, data.units))
  const away = () => read.flatMap(({ part, landmarks }) => mentionsIn(part, landmarks, data, data.others))
  const mentions = own.length > 0 || read.some(({ landmarks }) => landmarks.length > 0) ? own : away()
  const marks = read.flatMap(({ part, landmarks }) => landmarks.map((found) => ({ ...found, part })))
  const numbers = parts.flatMap((part) => numberedIn(part))
  const districts = districtsOf(mentions, marks, data)
  const ward = wardOf({ mentions, marks, numbers, districts, data })
  const district = ward?.district ?? districts.best
  if (ward === undefined && district === undefined) return undefined
  const rests = ward ?? districts.by.get(district!)!
  return {
    ...(ward?.name !== undefined && { ward: ward.name }),
    ...(district !== undefined && { district }),
    ...{ confidence: rests.confidence, from: rests.from, start: rests.start, end: rests.end },
    candidates: ward?.candidates ?? [],
    how: ward?.how ?? districts.by.get(district!)!.how,
    why: rests.why,
  }
}

interface Rest {
  readonly confidence: number
  readonly from: string
  readonly start: number
  readonly end: number
  readonly why: readonly string[]
  readonly how: PlaceRead['how']
}

interface Districts {
  readonly best: string | undefined
  /** How much speaks for each. */
  readonly weight: ReadonlyMap<string, number>
  readonly by: ReadonlyMap<string, Rest>
}

type Mark = FoundLandmark & { readonly part: Part }

function districtsOf(mentions: readonly Mention[], marks: readonly Mark[], data: PlaceData): Districts {
  const weight = new Map<string, number>()
  const by = new Map<string, Rest>()
  const add = (name: string, size: number, rest: Rest) => {
    weight.set(name, (weight.get(name) ?? 0) + size)
    const before = by.get(name)
    if (before === undefined || before.confidence < rest.confidence) by.set(name, rest)
  }
  for (const mention of mentions) {
    const own = mention.units.filter((unit) => !isWard(unit))
    const rest = restOf(mention, mention.typed ? 0.95 : 0.8, 'named')
    for (const unit of own) add(properName(unit, data), (mention.typed ? 6 : 3) / own.length, rest)
    const wards = mention.units.filter(isWard)
    const above = new Set(wards.map(({ parent }) => districtName(parent, data)).filter((name) => name !== undefined))
    for (const name of above) add(name, 2 / above.size, restOf(mention, 0.8 / above.size, 'implied'))
  }
  for (const mark of marks) {
    const names = new Set(mark.landmarks.map(({ district }) => district))
    for (const name of names) add(name, 1.5 / names.size, restOf(mark, 0.75 / names.size, 'implied'))
  }
  const [first, second] = [...weight].sort((a, b) => b[1] - a[1])
  const sure = first !== undefined && first[1] > (second?.[1] ?? 0) + 0.01
  return { best: sure ? first[0] : undefined, weight, by }
}

function restOf(
  { part, start, end }: { readonly part: Part; readonly start: number; readonly end: number },
  confidence: number,
  how: PlaceRead['how'],
): Rest {
  return { confidence, from: part.from, start, end, how, why: [part.said.text.slice(start, end)] }
}

interface Deciding {
  readonly mentions: readonly Mention[]
  readonly marks: readonly Mark[]
  readonly numbers: readonly Numbered[]
  readonly districts: Districts
  readonly data: PlaceData
}

interface WardRead extends Rest {
  readonly name: string
  readonly district: string | undefined
  readonly candidates: readonly string[]
}

function wardOf(of: Deciding): WardRead | undefined {
  return namedWard(of) ?? numberedWard(of) ?? impliedWard(of)
}

/** Its name stands in the text: of several, one behind its type, then one that lies in the district that is named. */
function namedWard({ mentions, districts, data }: Deciding): WardRead | undefined {
  const scored = mentions.flatMap((mention, i) => {
    const units = mention.units.filter(isWard)
    if (units.length === 0) return []
    const inside = units.filter(({ parent }) => districtName(parent, data) === districts.best)
    const chosen = inside.length > 0 ? inside : units
    const agrees = inside.length > 0 && districts.best !== undefined
    return [{ mention, chosen, score: (mention.typed ? 4 : 0) + (agrees ? 2 : 0) + mention.confidence - i * 0.01 }]
  })
  const [best] = scored.sort((a, b) => b.score - a.score)
  if (best === undefined) return undefined
  const above = [...new Set(best.chosen.map(({ parent }) => districtName(parent, data)))]
  const only = above.length === 1 ? above[0] : above.find((each) => each === districts.best)
  const name = properName(best.chosen[0]!, data)
  return {
    ...restOf(best.mention, best.mention.typed ? 0.95 : 0.8, 'named'),
    ...{ name, district: only, candidates: above.length > 1 ? above.map((district) => `${name}, ${district}`) : [] },
  }
}

/** "phường 24" in a district that is named: the register may have done away with it, people have not. */
function numberedWard({ numbers, districts }: Deciding): WardRead | undefined {
  const [found] = numbers
  if (found === undefined || districts.best === undefined) return undefined
  return {
    ...restOf(found, 0.85, 'named'),
    ...{ name: `Phường ${found.number}`, district: districts.best, candidates: [] },
  }
}

/** A street or landmark lies in one ward alone. Of two that lie in different ones, neither decides. */
function impliedWard({ marks, districts }: Deciding): WardRead | undefined {
  const inside = (one: Mark) => one.landmarks.filter(({ district }) => district === districts.best)
  const telling = marks.map((one) => ({ mark: one, wards: new Set(inside(one).map(({ ward }) => ward)) }))
  const single = telling.filter(({ wards }) => wards.size === 1 && !wards.has(undefined))
  const names = new Set(single.flatMap(({ wards }) => [...wards]))
  const [name] = names
  if (name === undefined || districts.best === undefined) return undefined
  const { mark } = single[0]!
  if (names.size > 1) return undefined
  return { ...restOf(mark, 0.65, 'implied'), name, district: districts.best, candidates: [] }
}

/** Behind these a name is where somebody lives or goes, not where the matter is. */
const ELSEWHERE = / (?:tuyen|ve|len|di|re di|huong|huong ve|huong di|phia duong di|duong di) $/

function isElsewhere({ flat, starts, source, words }: Said, { start }: UnitMention): boolean {
  const first = words.findIndex((word) => source.at[word.start]! >= start)
  return first > 0 && ELSEWHERE.test(flat.slice(Math.max(0, starts[first]! - 20), starts[first]!))
}

function mentionsIn(part: Part, landmarks: readonly FoundLandmark[], data: PlaceData, known: Gazetteer): Mention[] {
  const { said } = part
  return findUnitsIn(said, known).flatMap((found) => {
    const overlapping = landmarks.find(({ start, end }) => start < found.end && found.start < end)
    if (overlapping !== undefined && !found.typed && !isTownOf(found, overlapping, data)) return []
    if (!found.typed && isElsewhere(said, found)) return []
    const units = found.units.filter((unit) => !isProvince(unit, found, data))
    if (units.length === 0) return []
    const kept = found.typed || isAtTown(said, found) ? units : preferDistrict(units)
    return [{ part, units: kept, typed: found.typed, confidence: found.confidence, start: found.start, end: found.end }]
  })
}

/** A bare name that a town and the district around it share says the district; at its market or crossing it says both. */
function preferDistrict(units: readonly NamedUnit[]): readonly NamedUnit[] {
  const districts = units.filter((unit) => !isWard(unit))
  return districts.length > 0 ? districts : units
}

const TOWN = / (?:cho|nga ba|nga tu|nga 3|nga 4|ben xe|san van dong|benh vien|bv|trung tam|pho|tt|thi tran|khu pho) $/

function isAtTown({ flat, starts, source, words }: Said, { start }: UnitMention): boolean {
  const first = words.findIndex((word) => source.at[word.start]! >= start)
  return first > 0 && TOWN.test(` ${flat.slice(Math.max(0, starts[first]! - 24), starts[first]!).trimStart()}`)
}

/** "chợ Phú Phong" is a landmark and names the town. */
function isTownOf({ units }: UnitMention, { landmarks }: FoundLandmark, data: PlaceData): boolean {
  return units.some((unit) => isWard(unit) && landmarks.some(({ ward }) => ward === properName(unit, data)))
}

/** "Cà Mau", "Điện Biên": the province, unless its type says that the city or the district is meant. */
function isProvince(unit: NamedUnit, { typed }: UnitMention, data: PlaceData): boolean {
  if (unit.parent === undefined) return true
  const province = data.byCode.get(data.province)
  return !typed && province !== undefined && fold(ownName(province)) === fold(ownName(unit))
}

interface Numbered {
  readonly part: Part
  readonly number: number
  readonly start: number
  readonly end: number
}

const NUMBERED = / (?:phuong|p) 0?(\d{1,2})(?= )/g

function numberedIn(part: Part): Numbered[] {
  return [...findAll(part.said, NUMBERED)].map(({ words, start, end }) => ({
    ...{ part, start, end },
    number: Number(/\d+$/.exec(words)![0]),
  }))
}

function districtName(code: string | undefined, data: PlaceData): string | undefined {
  const unit = code === undefined ? undefined : data.byCode.get(code)
  return unit && nameOf(unit)
}

/** As the register has it, by whatever name it was called. */
function properName(unit: NamedUnit, data: PlaceData): string {
  return nameOf(data.byCode.get(unit.code) ?? unit)
}

/** Without its type where the name is a word, with it where it is a number. */
function nameOf(unit: NamedUnit): string {
  const own = ownName(unit)
  return /^\d+$/.test(own) ? `${unit.type} ${Number(own)}` : own
}

function ownName({ name, type }: NamedUnit): string {
  const plain = name.replace(/\s+/g, ' ').trim()
  return plain.toLowerCase().startsWith(`${type.toLowerCase()} `) ? plain.slice(type.length + 1) : plain
}

/** Everything in a text that names a unit or a landmark. */
export function namesIn(said: Said, data: PlaceData): { readonly start: number; readonly end: number }[] {
  return [
    ...findLandmarks(said, data.landmarks),
    ...findUnitsIn(said, data.units).filter(({ typed, accented }) => typed || accented),
  ].map(({ start, end }) => ({ start, end }))
}

/** Whether anything says where it is, if only a street, a hamlet or a kilometre post that no list has. */
export function saysPlace(parts: readonly Part[], data: PlaceData): boolean {
  return parts.some(({ said }) => findLandmarks(said, data.landmarks).length > 0 || placeSaid(said) !== undefined)
}
