import type { Gazetteer } from '../units/gazetteer.ts'
import { inCharge } from '../units/in-charge.ts'
import { locate } from '../units/locate.ts'
import type { Day, Unit, UnitKey } from '../units/unit.ts'
import type { Point } from '../words.ts'

/** What one report says of its place. */
export interface PlaceSaid {
  readonly point: Point | undefined
  /** The units, of any period, that the name in the text may mean. */
  readonly named: readonly UnitKey[]
}

/** Why a case waits for an officer to say where it is: keys of `locales/*\/case.json`. */
export type NoUnit = 'no-place' | 'place-not-clear' | 'place-outside'

/**
 * The unit in charge of a case's place on the day of routing. A pin decides before a name, since a name may be of a unit that was split; of
 * several reports the first that says enough decides.
 */
export function unitFor(
  said: readonly PlaceSaid[],
  day: Day,
  known: Gazetteer,
): { readonly unit: Unit; readonly how: string } | NoUnit {
  let reason: NoUnit = 'no-place'
  for (const { point, named } of said) {
    if (point !== undefined) {
      const found = locate(point, day, known)
      if ('unit' in found) return { unit: found.unit, how: found.how }
      reason = found.none === 'outside' ? 'place-outside' : 'place-not-clear'
    }
    const meant = named
      .map((key) => inCharge(key, day, known))
      .flatMap((found) => ('unit' in found ? [found.unit] : found.candidates))
    // The province itself is in charge of nothing: "tỉnh Điện Biên" says no place.
    const [unit, ...others] = new Set(meant.filter((candidate) => candidate.parent !== null))
    if (unit !== undefined && others.length === 0) return { unit, how: 'named' }
    if (unit !== undefined && reason === 'no-place') reason = 'place-not-clear'
  }
  return reason
}
