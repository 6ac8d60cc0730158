import { and, gte, inArray, isNull, lte, or, sql } from 'drizzle-orm'
import type { Tx } from '../../platform/database/database.ts'
import { agencies } from '../tables/index.ts'
import type { Gazetteer } from '../units/gazetteer.ts'
import { type Day, type Unit, validOn } from '../units/unit.ts'

/**
 * The agency that is in charge on `day`: of the unit itself (`place`), or the one with this function in the unit or the nearest above it. Where the
 * place is not known, `unitCode` is that of the province.
 */
export async function agencyFor(
  tx: Tx,
  to: string,
  at: { readonly unitCode: string; readonly day: Day; readonly known: Gazetteer },
): Promise<string | undefined> {
  const codes = to === 'place' ? [at.unitCode] : upwards(at.unitCode, at.day, at.known)
  const found = await tx
    .select({ id: agencies.id, unit: agencies.unitCode })
    .from(agencies)
    .where(
      and(
        inArray(agencies.unitCode, codes),
        ...(to === 'place' ? [] : [sql`${agencies.functions} @> ${JSON.stringify([to])}::jsonb`]),
        lte(agencies.validFrom, at.day),
        or(isNull(agencies.validTo), gte(agencies.validTo, at.day)),
      ),
    )
    .orderBy(agencies.id)
  return codes.flatMap((code) => found.filter(({ unit }) => unit === code))[0]?.id
}

/** The unit's code and those of the units that it lies in, nearest first. */
function upwards(code: string, day: Day, known: Gazetteer): readonly string[] {
  const codes = [code]
  for (let unit: Unit | undefined = on(code); unit?.parent; unit = on(unit.parent)) codes.push(unit.parent)
  return codes
  function on(each: string): Unit | undefined {
    return known.coded.get(each)?.find((one) => validOn(one, day))
  }
}
