import type { Routing, RoutingLine } from '../profile/routing.ts'

/** What is known of a case's matter, in words of its profile. */
export interface Matter {
  readonly category: string | null
  /** A narrower field of the category. */
  readonly field: string | null
}

/** Why the matter leads to nobody: keys of `locales/*\/case.json`. */
export type NoLine = 'no-category' | 'no-field' | 'no-agency'

type Line = Pick<RoutingLine, 'to' | 'dispatched'>

/** Where the profile sends a matter: to the unit in charge of its place, or to the agency that has a function. */
export function lineFor(routing: Routing, { category, field }: Matter): Line | NoLine {
  if (routing.by === 'place') return { to: 'place', dispatched: routing.dispatched }
  if (category === null) return 'no-category'
  const lines = routing.table.filter(({ categories }) => categories.includes(category))
  const own = lines.find((line) => line.field !== undefined && line.field === field)
  const whole = own ?? lines.find((line) => line.field === undefined)
  if (whole !== undefined) return whole
  return lines.length > 0 ? 'no-field' : 'no-category'
}
