import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { eq } from 'drizzle-orm'
import { refuseUnanswered } from '../../../src/core/cases/unanswered.ts'
import { giveMark } from '../../../src/core/deadlines/marks.ts'
import { tick } from '../../../src/core/deadlines/tick.ts'
import { isFault } from '../../../src/core/fault.ts'
import { type SourceStore, sourceStore } from '../../../src/core/intake/source-store.ts'
import type { Profile } from '../../../src/core/profile/profile.ts'
import { type ProfileStore, profileStore } from '../../../src/core/profile/store.ts'
import { applyConfig } from '../../../src/core/settings/apply.ts'
import { ConfigFile } from '../../../src/core/settings/config-file.ts'
import { profiles as profileTable } from '../../../src/core/tables/index.ts'
import { ensureMonth } from '../../../src/platform/database/partitions.ts'
import { keepRows } from '../../support/keep-rows.ts'
import { testPorts } from '../../support/ports.ts'
import { serve } from '../../support/server.ts'
import { accountsAtOnce } from './accounts.ts'
import type { Hub } from './hub.ts'

const SHIPPED = join(import.meta.dirname, '../../..')
const readShipped = (...path: readonly string[]) => readFile(join(SHIPPED, ...path), 'utf8')

/** One after the other, never two at once. */
export interface Hubs {
  open(from: { readonly profile: Profile; readonly start: Date }): Promise<Hub>
  close(): Promise<void>
}

/**
 * The same HTTP surface without a process: a profile as given, work done when asked for, a clock that stands still. Server and database are opened
 * once; each hub begins with the rows of a province where nothing has happened yet, and remembers nothing of the one before.
 */
export async function inProcessHubs(id: string): Promise<Hubs> {
  // What these hold in memory counts by the clock, which goes back with each hub; so each has its own.
  let profiles: ProfileStore
  let sources: SourceStore
  const t = await testPorts(
    { profiles: { get: (of) => profiles.get(of), calendar: (of) => profiles.calendar(of) } },
    id,
  )
  const { ports, clock } = t
  const { db } = ports
  const server = await serve(t, {
    form: (kind) => sources.form(kind),
    hook: (source) => sources.hook(source),
    clients: (kind) => sources.clients(kind),
  })
  const putBack = await keepRows(db)
  const move = (to: Date) => clock.move(to.getTime() - clock.now().getTime())
  return {
    open: async ({ profile, start }) => {
      await putBack()
      await db.update(profileTable).set({ body: profile }).where(eq(profileTable.id, id))
      profiles = profileStore(db, clock, readShipped)
      sources = sourceStore(ports)
      move(start)
      for (const months of [0, 1])
        await ensureMonth(db, new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + months, 1)))
      return {
        url: server.url,
        token: server.staff.authorization.slice('Bearer '.length),
        accounts: accountsAtOnce(ports),
        now: () => clock.now(),
        move: async (to) => move(to),
        rest: async () => {
          // As the hourly sweep does.
          await refuseUnanswered(ports)
          do await server.work()
          while ((await tick(ports, giveMark)) > 0)
          return true
        },
        apply: async (config) => {
          const applied = await applyConfig(ports, 'system', { config: ConfigFile.parse(config) })
          if (isFault(applied)) throw new Error(applied.message)
        },
        close: async () => undefined,
      }
    },
    close: () => server.close(),
  }
}
