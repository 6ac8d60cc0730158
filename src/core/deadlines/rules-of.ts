import type { ProfileVersion } from '../profile/profile.ts'
import { Rule } from './rule.ts'

/** The clocks of a profile version: its steps, and what it says of urgent matters. */
export function clockRules({ steps, urgent }: Pick<ProfileVersion, 'steps' | 'urgent'>): readonly Rule[] {
  return [...steps, ...urgentRules(urgent)]
}

/**
 * From the moment that a matter is known to be urgent: an office has it within minutes, and somebody accepts it within the profile's minutes;
 * otherwise whoever is on duty is rung.
 */
function urgentRules({ source, noOfficeAfterMinutes, acceptWithinMinutes }: ProfileVersion['urgent']): Rule[] {
  const rung = { source, owner: 'operator', from: 'case.urgent', marks: [{ at: true, do: 'ring' }] } as const
  const worked = ['assignment.accepted', 'assignment.interim', 'assignment.safe', 'assignment.answered'] as const
  const settled = [...worked, 'case.refused', 'case.replied'] as const
  return [
    {
      ...rung,
      step: 'urgent-at-an-office',
      until: ['assignment.delivered', ...settled],
      span: { minutes: noOfficeAfterMinutes },
    },
    { ...rung, step: 'urgent-accepted', until: [...settled], span: { minutes: acceptWithinMinutes } },
  ].map((rule) => Rule.parse(rule))
}
