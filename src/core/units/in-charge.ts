import type { Gazetteer } from './gazetteer.ts'
import { type Day, dayBefore, type Unit, type UnitKey, type UnitLink, validOn } from './unit.ts'

/** One unit, or the several that share what the named one was: then the name alone does not decide, and a point is needed. */
export type InCharge = { readonly unit: Unit } | { readonly candidates: readonly Unit[] }

/**
 * Which unit of the day `at` is in charge of the place that a unit of any day names. People keep saying the old names for years: a report of
 * 2026 that names xã Chà Cang is a matter of xã Mường Chà, one that names huyện Nậm Pồ may be a matter of six communes. Unknown units and
 * units of which nothing is left give no candidates.
 */
export function inCharge(named: UnitKey, at: Day, known: Gazetteer): InCharge {
  const start = known.coded.get(named.code)?.find((unit) => unit.from === named.from)
  const found = start === undefined ? [] : [...follow(start, at, known)]
  if (found.length === 1) return { unit: found[0]! }
  return { candidates: found.sort((a, b) => (a.code < b.code ? -1 : 1)) }
}

/** Each step leads strictly nearer to `at`, so it ends. */
function follow(unit: Unit, at: Day, known: Gazetteer): Set<Unit> {
  if (validOn(unit, at)) return new Set([unit])
  const next = unit.from > at ? before(unit, known) : after(unit, known)
  return new Set(next.flatMap((other) => [...follow(other, at, known)]))
}

/** What became of it: by its own links, or, of a district, by those of the communes that lay in it. */
function after(unit: Unit, known: Gazetteer): readonly Unit[] {
  const last = unit.to!
  const linked = known.links.filter((link) => link.oldCode === unit.code && dayBefore(link.at) === last)
  if (linked.length > 0) return ends(linked, (link) => on(link.newCode, link.at, known))
  return known.units
    .filter((child) => child.parent === unit.code && validOn(child, last))
    .flatMap((child) => (child.to === last ? after(child, known) : [child]))
}

function before(unit: Unit, known: Gazetteer): readonly Unit[] {
  const linked = known.links.filter((link) => link.newCode === unit.code && link.at === unit.from)
  return ends(linked, (link) => on(link.oldCode, dayBefore(link.at), known))
}

function ends(links: readonly UnitLink[], end: (link: UnitLink) => Unit | undefined): readonly Unit[] {
  return links.map(end).filter((unit) => unit !== undefined)
}

function on(code: string, day: Day, known: Gazetteer): Unit | undefined {
  return known.coded.get(code)?.find((unit) => validOn(unit, day))
}
