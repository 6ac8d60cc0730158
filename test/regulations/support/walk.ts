import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ProvinceOptions } from './open.ts'
import { openProvince } from './open.ts'
import type { Province } from './province.ts'
import type { Scenario } from './scenario.ts'

/** Plays a decision from its first article to its last with the built product: one province, in which time goes forward. */
export function walk(scenarios: readonly Scenario[], options: ProvinceOptions & { readonly profile: string }): void {
  let province: Province
  beforeAll(async () => {
    province = await openProvince(options)
  })
  afterAll(() => province?.close())
  let stuck: string | undefined
  // In the order of the list: time goes forward.
  for (const { article, name, start, play } of scenarios)
    describe(article, () => {
      it(name, async () => {
        // One that could not get to its hour leaves a province in which no other can; each would only wait as long.
        expect(stuck, 'the province stands still').toBeUndefined()
        stuck = name
        await province.at(start)
        stuck = undefined
        await play(province)
      })
    })
}
