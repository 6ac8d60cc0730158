import { eq } from 'drizzle-orm'
import type { Health } from '../../channels/channel.ts'
import type { Ports } from '../act.ts'
import { type Fault, fault } from '../fault.ts'
import { demand } from '../people/may.ts'
import type { Officer } from '../people/officer.ts'
import { sources } from '../tables/index.ts'
import { openSource } from './channel-context.ts'

/** Proves a source's addresses and secrets, as far as its channel can; changes nothing. */
export async function checkSource(ports: Ports, officer: Officer, id: string): Promise<Health | Fault | 'missing'> {
  demand(officer, 'source.read')
  const [source] = await ports.db.select().from(sources).where(eq(sources.id, id))
  if (source === undefined) return 'missing'
  const check = ports.channels.get(source.kind)?.check
  if (check === undefined) return fault('rejected', 'this channel cannot be tried: there is nothing that it reaches')
  return check(openSource(ports, source))
}
