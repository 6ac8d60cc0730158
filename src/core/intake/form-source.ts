import type { Demands } from '../../channels/channel.ts'
import type { Ports } from '../act.ts'
import { demandsOf } from '../profile/demands.ts'
import { versionOn } from '../profile/profile.ts'
import { openSource, type Source } from './channel-context.ts'
import { type IntakeSource, intakeSourceOf } from './rows.ts'

/** A source as a form of ours needs it. */
export interface FormSource extends IntakeSource {
  readonly demands: Demands
  readonly settings: unknown
}

export async function formSourceOf(ports: Ports, row: Source): Promise<FormSource> {
  const { profile } = await ports.profiles.get(row.profile)
  const demands = demandsOf(versionOn(profile, ports.clock.now()))
  return { ...(await intakeSourceOf(ports, row)), demands, settings: openSource(ports, row).settings }
}
