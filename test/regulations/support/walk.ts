import { afterAll, beforeAll, describe, it } from 'vitest'
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
  for (const article of new Set(scenarios.map((scenario) => scenario.article)))
    describe(article, () => {
      for (const { name, start, play } of scenarios.filter((scenario) => scenario.article === article))
        it(name, async () => {
          await province.at(start)
          await play(province)
        })
    })
}
