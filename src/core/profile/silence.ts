import type { ProfileVersion } from './profile.ts'

/** Milliseconds for which somebody in a talk must say nothing before what they said is passed on; a channel that is not named does not wait. */
export function silenceOf({ report }: Pick<ProfileVersion, 'report'>, channel: string): number {
  return (report.silence[channel] ?? 0) * 1000
}
