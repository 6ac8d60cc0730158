import { and, asc, eq } from 'drizzle-orm'
import { isOutage } from '../../platform/database/database.ts'
import type { Ports } from '../act.ts'
import { versionOn } from '../profile/profile.ts'
import { openSettings } from '../settings/sealed.ts'
import { sources } from '../tables/index.ts'
import type { IntakeSource } from './rows.ts'

export interface FormSource extends IntakeSource {
  readonly required: readonly string[]
  readonly settings: unknown
}

/**
 * Sources as an intake needs them, held for a few seconds. With the database away the last known one serves on: the refusal then comes from
 * where it must, the write.
 */
export interface SourceStore {
  form(channel: string): Promise<FormSource>
}

const FRESH_MS = 5000

export function sourceStore(ports: Pick<Ports, 'db' | 'clock' | 'profiles' | 'channels' | 'secrets'>): SourceStore {
  const held = new Map<string, { readonly at: number; readonly source: FormSource }>()
  async function load(kind: string): Promise<FormSource> {
    const [row] = await ports.db
      .select()
      .from(sources)
      .where(and(eq(sources.kind, kind), eq(sources.state, 'on')))
      .orderBy(asc(sources.id))
      .limit(1)
    if (row === undefined) throw new Error(`no source of channel ${kind} is switched on`)
    const { profile } = await ports.profiles.get(row.profile)
    const { settings } = openSettings(ports.secrets, ports.channels.get(kind)!, { of: 'source', ...row })
    const required = versionOn(profile, ports.clock.now()).required
    return { id: row.id, channel: kind, codePrefix: profile.codePrefix, required, settings }
  }
  return {
    form: async (kind) => {
      const now = ports.clock.now().getTime()
      const known = held.get(kind)
      if (known !== undefined && Math.abs(now - known.at) < FRESH_MS) return known.source
      try {
        const source = await load(kind)
        held.set(kind, { at: now, source })
        return source
      } catch (error) {
        if (known === undefined || !isOutage(error)) throw error
        held.set(kind, { at: now, source: known.source })
        return known.source
      }
    },
  }
}
