import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Profile } from '../../../src/core/profile/profile.ts'
import { type ProvinceOptions, type Provinces, provincesInProcess, shippedProfile } from './open.ts'
import { type More, partsOf, rulesOf, without } from './rules.ts'
import type { Scenario } from './scenario.ts'
import { UNREAD } from './unread.ts'

/** Does a scenario watch a rule, or a part of it, or what it is a part of? */
const watches = ({ watches: watched }: Scenario, rule: string): boolean =>
  watched.some((path) => `${rule}.`.startsWith(`${path}.`))

/** Whoever watches this and little else is likeliest to notice, and is asked first. */
const closeness = ({ watches: watched }: Scenario, rule: string): number =>
  Math.max(...watched.filter((path) => `${rule}.`.startsWith(`${path}.`)).map((path) => path.length)) - watched.length

/**
 * Takes each rule out of a profile in turn, and lets the scenarios that watch it play by what is left: one of them must notice. That a scenario fails
 * says so only if it holds by the whole profile, played the same way; so each is played like that first.
 */
export async function takeEachRuleOut(
  scenarios: readonly Scenario[],
  options: ProvinceOptions & { readonly profile: string },
  more?: More,
): Promise<void> {
  const whole = await shippedProfile(options.profile)
  const rules = rulesOf(whole, more)
  let provinces: Provinces
  beforeAll(async () => {
    provinces = await provincesInProcess(options)
  })
  afterAll(() => provinces?.close())

  /** What it fails with, if it does; that a province cannot be opened is no answer. */
  const failureOf = async (profile: Profile, { start, play }: Scenario): Promise<unknown> => {
    const province = await provinces.open({ profile, start })
    const failure = await play(province).then(
      () => undefined,
      (error: unknown) => error,
    )
    await province.close()
    return failure
  }

  it('every part of the profile is taken out, or is listed as one that no code reads', () => {
    const within = (one: string, other: string) => `${one}.`.startsWith(`${other}.`)
    const left = partsOf(whole).filter(
      (part) =>
        !rules.some(({ name }) => within(name, part) || within(part, name)) &&
        !Object.keys(UNREAD).some((listed) => within(part, listed)),
    )
    expect(left).toEqual([])
  })

  for (const scenario of scenarios.filter((one) => rules.some(({ name }) => watches(one, name))))
    it(`by every rule: ${scenario.article}, ${scenario.name}`, async () => {
      const failure = await failureOf(whole, scenario)
      if (failure !== undefined) throw failure
    })

  for (const rule of rules)
    it(`${rule.name} is missed`, async () => {
      const watching = scenarios
        .filter((scenario) => watches(scenario, rule.name))
        .sort((one, other) => closeness(other, rule.name) - closeness(one, rule.name))
      expect(watching, `no scenario watches ${rule.name}`).not.toEqual([])
      const profile = without(whole, rule)
      for (const scenario of watching) if ((await failureOf(profile, scenario)) !== undefined) return
      expect.fail(`without ${rule.name} nobody notices: ${watching.map(({ name }) => name).join('; ')}`)
    })
}
