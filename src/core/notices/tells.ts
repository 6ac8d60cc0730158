import type { Ports } from '../act.ts'
import { openSettings } from '../settings/sealed.ts'
import type { sources } from '../tables/index.ts'

/** Does anything go out by this source? Its channel may send by some of its sources alone. */
export function tells(
  { channels, secrets }: Pick<Ports, 'channels' | 'secrets'>,
  source: typeof sources.$inferSelect,
): boolean {
  const channel = channels.get(source.kind)
  const send = channel?.send
  if (channel === undefined || send === undefined) return false
  return send.can === undefined || send.can(openSettings(secrets, channel, { of: 'source', ...source }).settings)
}
