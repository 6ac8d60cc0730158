import { originalSpan, toBare, wordsOf } from './bare.ts'
import { gapAfter, isNumber, isSaid, isStreet, isTitled, type PlaceText, readText, writtenAt } from './place-text.ts'
import {
  accentedSpelling,
  COMMON_NAMES,
  COMMON_UNACCENTED,
  isDistinctive,
  isKin,
  spelling,
  spokenNumber,
  TYPE_WORDS,
} from './place-words.ts'

/** A unit under one of its names; an alias is a second entry of the same code and period. */
export interface NamedUnit {
  readonly code: string
  /** Tells units apart that bore the same code at different times. */
  readonly period: string
  /** With or without its type: "Phường 5", "Tân Hưng". */
  readonly name: string
  /** As the register writes it: "Xã", "Phường", "Thị trấn", "Quận" … */
  readonly type: string
  /** The code of the unit above, of the same period. */
  readonly parent?: string
}

interface Entry {
  readonly unit: NamedUnit
  readonly type: string
  /** The words of the name with their accents. */
  readonly accented: readonly string[]
}

interface Node {
  readonly next: Map<string, Node>
  readonly entries: Entry[]
}

/** Names of units as a tree of words: looking a name up costs its own length, however many units there are. */
export interface Gazetteer {
  readonly root: Node
}

export function makeGazetteer(units: readonly NamedUnit[]): Gazetteer {
  const root: Node = { next: new Map(), entries: [] }
  for (const unit of units) {
    const type = unit.type.normalize('NFC').toLowerCase()
    const name = unit.name.normalize('NFC').replace(/\s+/g, ' ').trim()
    const own = name.toLowerCase().startsWith(`${type} `) ? name.slice(type.length + 1) : name
    for (const written of spellingsOf(own)) insert(root, written, { unit, type })
  }
  return { root }
}

/** M'Đrắk is also written MĐrắk and M Đrắk, KBang K Bang, Ea Bar EaBar. */
function spellingsOf(name: string): Set<string> {
  const split = name.replace(/\p{Lu}(?=\p{Lu}\p{Ll})|\p{Ll}(?=\p{Lu})/gu, '$& ')
  const joined = split.replace(/(?<!\S)([HKMRD])['’ ]+(?=\p{L})/giu, '$1')
  return new Set([name, split, joined, joined.replace(/^(Ea|Ia) (?=\p{L})/u, '$1')])
}

function insert(root: Node, name: string, { unit, type }: Pick<Entry, 'unit' | 'type'>): void {
  const { bare, at } = toBare(name)
  const words = wordsOf(bare)
  if (words.length === 0) return
  let node = root
  for (const { start, end } of words) {
    const key = spelling(bare.slice(start, end))
    const next: Node = node.next.get(key) ?? { next: new Map(), entries: [] }
    node.next.set(key, next)
    node = next
  }
  const accented = words.map(({ start, end }) => accentedSpelling(name.slice(at[start], at[end])))
  node.entries.push({ unit, type, accented })
}

export interface UnitMention {
  /** The units that the words may mean, of every period: the reader chooses by date and place. Never empty, each once. */
  readonly units: readonly NamedUnit[]
  /** UTF-16 offsets into the text, type word included. */
  readonly start: number
  readonly end: number
  /** A type word ("xã", "P.") stood before the name. */
  readonly typed: boolean
  /** The name was written with its accents, not merely without contradicting them. */
  readonly accented: boolean
  /** 0 to 1, for ranking mentions of one text: not a probability. */
  readonly confidence: number
}

interface Candidate {
  readonly first: number
  readonly last: number
  readonly nameWords: number
  /** Empty for what looks like a unit and is none (a street): it only takes the words away from others. */
  readonly units: readonly NamedUnit[]
  readonly typed: boolean
  readonly accented: boolean
  readonly confidence: number
}

/**
 * Administrative units named in a text, in order, without overlaps: behind a type word ("xã Nà Hỳ", "P.5", "quận bốn") or by a
 * bare name of two words or more. The longer name wins ("Điện Biên Phủ" over "Điện Biên"); names of streets, everyday words and
 * names whose accents contradict the text's are left out. Linear in the text.
 */
export function findUnits(text: string, units: Gazetteer): UnitMention[] {
  return findUnitsIn(readText(text), units)
}

/** The same in a text that is taken apart already. */
export function findUnitsIn(read: PlaceText, { root }: Gazetteer): UnitMention[] {
  const candidates: Candidate[] = []
  for (let i = 0; i < read.words.length; i++) {
    const typed = typedAt(read, root, i)
    const bare = typed ?? bareAt(read, root, i)
    if (bare) candidates.push(bare)
  }
  return narrow(longest(candidates, read.words.length)).map(({ first, last, units, typed, accented, confidence }) => ({
    units,
    ...originalSpan(read.source.at, read.words[first]!.start, read.words[last]!.end),
    typed,
    accented,
    confidence,
  }))
}

function typedAt(read: PlaceText, root: Node, i: number): Candidate | undefined {
  const two = /^\s{1,3}$/.test(gapAfter(read, i))
    ? TYPE_WORDS.get(`${read.folded[i]} ${read.folded[i + 1]}`)
    : undefined
  const said = two ?? TYPE_WORDS.get(read.folded[i]!)
  if (!said) return undefined
  const before = read.source.bare[read.words[i]!.start - 1] ?? ' '
  if (said.short && /[\p{L}\p{N}]/u.test(before)) return undefined
  const last = two ? i + 1 : i
  if (!said.short && !isSaid(read, i, last, said.type)) return undefined
  if (!/^[\s.:]{0,3}$/.test(gapAfter(read, last))) return undefined
  const name = nameAt(read, root, last + 1) ?? numberAt(read, root, last + 1)
  if (!name) return undefined
  const exact = name.entries.filter(({ type }) => type === said.type)
  const chosen = choose(read, last + 1, exact.length > 0 ? exact : name.entries.filter(({ type }) => isKin(said, type)))
  if (!chosen) return undefined
  const doubt =
    (exact.length > 0 ? 0 : 0.15) +
    (said.short ? 0.05 : 0) +
    (chosen.fit === 'other' ? 0.35 : chosen.accented ? 0 : 0.1)
  return { first: i, last: name.last, nameWords: name.last - last, ...chosen, typed: true, confidence: 0.95 - doubt }
}

function bareAt(read: PlaceText, root: Node, i: number): Candidate | undefined {
  const name = nameAt(read, root, i)
  if (!name) return undefined
  const folded = read.folded.slice(i, name.last + 1).join(' ')
  if (name.last === i ? !isDistinctive(folded) : COMMON_NAMES.has(folded)) return undefined
  const chosen = choose(read, i, name.entries)
  if (!chosen || chosen.fit === 'other') return undefined
  if (!chosen.accented && COMMON_UNACCENTED.has(folded) && !isTitled(read, i, name.last)) return undefined
  const span = { first: i, last: name.last, nameWords: name.last - i + 1, typed: false, accented: chosen.accented }
  return { ...span, units: isStreet(read, i) ? [] : chosen.units, confidence: chosen.accented ? 0.75 : 0.55 }
}

function nameAt(read: PlaceText, root: Node, i: number): { last: number; entries: readonly Entry[] } | undefined {
  let node: Node | undefined = root
  let found: { last: number; entries: readonly Entry[] } | undefined
  for (let last = i; last < read.words.length; last++) {
    if (last > i && !/^[ \n'’.-]{0,3}$/.test(gapAfter(read, last - 1))) break
    node = node.next.get(read.keys[last]!)
    if (!node) break
    if (node.entries.length > 0) found = { last, entries: node.entries }
  }
  return found
}

/** "quận bốn", "phường mười hai": as spoken, so transcribed. */
function numberAt(read: PlaceText, root: Node, i: number): ReturnType<typeof nameAt> {
  const number = spokenNumber(read.folded.slice(i, i + 3))
  const entries = number && root.next.get(String(number.value))?.entries
  if (!number || !entries || !isNumber(read, i, i + number.count - 1)) return undefined
  return { last: i + number.count - 1, entries }
}

type Fit = 'equal' | 'compatible' | 'other'

/** The units whose accents fit the text best. */
function choose(read: PlaceText, first: number, entries: readonly Entry[]) {
  const fits = entries.map(({ accented }) => fitOf(read, first, accented))
  const fit = (['equal', 'compatible', 'other'] as const).find((level) => fits.includes(level))
  if (!fit) return undefined
  const best = entries.filter((_, k) => fits[k] === fit)
  const units = [...new Map(best.map(({ unit }) => [`${unit.code} ${unit.period}`, unit])).values()]
  return { fit, units, accented: fit === 'equal' }
}

/** "thanh an" in a text without accents may be Thanh An as well as Thạnh An: it is compatible with both and equal to none. */
function fitOf(read: PlaceText, first: number, accented: readonly string[]): Fit {
  let fit: Fit = read.accented ? 'equal' : 'compatible'
  let missing = false
  for (const [k, expected] of accented.entries()) {
    if (/^\d/.test(expected)) continue
    const written = writtenAt(read, first + k, first + k)
    const marked = /[^\p{ASCII}]/u.test(written)
    if (written === expected) {
      if (marked) fit = 'equal'
    } else if (marked) return 'other'
    else missing = true
  }
  return missing ? 'compatible' : fit
}

/** Of candidates that overlap, the one with the longest name. */
function longest(candidates: readonly Candidate[], words: number): Candidate[] {
  const size = ({ first, last }: Candidate) => last - first
  const ranked = candidates.toSorted((a, b) => b.nameWords - a.nameWords || size(b) - size(a) || a.first - b.first)
  const taken = new Uint8Array(words)
  return ranked
    .filter(({ first, last }) => {
      if (taken.subarray(first, last + 1).includes(1)) return false
      taken.fill(1, first, last + 1)
      return true
    })
    .filter(({ units }) => units.length > 0)
    .sort((a, b) => a.first - b.first)
}

/** "Phường 4, Quận 4": of several wards of a name, those in the district that is named next to it. */
function narrow(mentions: readonly Candidate[]): Candidate[] {
  return mentions.map((mention, i) => {
    for (const other of [mentions[i + 1], mentions[i - 1]]) {
      if (!other || Math.max(other.first - mention.last, mention.first - other.last) > NEXT_TO) continue
      const inside = mention.units.filter(({ parent, period }) =>
        other.units.some((above) => above.code === parent && above.period === period),
      )
      if (inside.length > 0) return { ...mention, units: inside }
    }
    return mention
  })
}

/** Words: "phường 4, ủy ban nhân dân Quận 4". */
const NEXT_TO = 6
