import type { AddressInfo } from 'node:net'
import type { App } from './app.ts'
import { readShipped, shipped } from './app.ts'
import { deliver } from './core/delivery/deliver.ts'
import { anchorTask } from './core/history/anchor.ts'
import { makeAccept } from './core/intake/accept.ts'
import { sourceStore } from './core/intake/source-store.ts'
import { sweepTask } from './core/intake/sweep.ts'
import { match } from './core/matching/match.ts'
import { read } from './core/reading/read.ts'
import { route } from './core/routing/route.ts'
import { applyConfig } from './core/settings/apply.ts'
import { readProfile } from './core/settings/read-profile.ts'
import { firstToken } from './core/settings/tokens.ts'
import { profiles } from './core/tables/index.ts'
import { measure } from './core/tasks/measure.ts'
import { makeServer } from './http/server.ts'
import { loadLocales } from './platform/locales/locales.ts'
import { addTasks } from './platform/tasks/add.ts'
import { startWorker } from './platform/tasks/worker.ts'

export interface Running {
  readonly port: number | undefined
  /** Shown once, on the first start of all. */
  readonly token: string | undefined
  stop(): Promise<void>
}

/** Does what the roles of this process say. */
export async function run(app: App): Promise<Running> {
  const { ports, config } = app
  if (config.databaseUrl === undefined) await setUp(app)
  const server = config.roles.includes('web') ? await startServing(app) : undefined
  const worker = config.roles.includes('worker') ? await startWork(app) : undefined
  // It is shown once: only when nothing can fail any more, and by a process that shows it.
  const token = server === undefined ? undefined : await firstToken(ports)
  return {
    port: server?.port,
    token,
    stop: async () => {
      await server?.close()
      await worker?.stop()
      await app.close()
    },
  }
}

/** With nothing configured: the province that ships complete, and its portal. Deliveries wait, visible, until a link is applied. */
async function setUp({ ports }: App): Promise<void> {
  const known = await ports.db.select({ id: profiles.id }).from(profiles).limit(1)
  if (known.length > 0) return
  const profile = await readProfile(readShipped, 'dien-bien')
  if ('problems' in profile) throw new Error(profile.problems)
  const portal = {
    id: 'portal',
    kind: 'portal',
    profile: profile.profile.id,
    name: profile.profile.name,
    state: 'on' as const,
    settings: {},
  }
  await applyConfig(ports, 'system', { config: { sources: [portal], agencies: [], links: [] }, profile })
}

async function startWork({ ports, config }: App) {
  await ports.db.transaction((tx) =>
    addTasks(
      tx,
      ['anchor', 'sweep'].map((kind) => ({ kind, ref: 'hourly', due: ports.clock.now() })),
    ),
  )
  return startWorker({
    ...ports,
    slots: config.workerSlots,
    handlers: {
      read: (task) => read(ports, task),
      match: (task) => match(ports, task),
      route: (task) => route(ports, task),
      deliver: (task) => deliver(ports, task),
      anchor: (task) => anchorTask(ports, config.dataDir, task),
      sweep: (task) => sweepTask(ports, task),
    },
  })
}

async function startServing({ ports, config }: App) {
  measure(ports.db)
  const translate = await loadLocales(shipped('locales'))
  const server = await makeServer({ ports, translate, accept: makeAccept(ports), sources: sourceStore(ports) })
  await server.listen({ port: config.port, host: config.host })
  return { port: (server.server.address() as AddressInfo).port, close: () => server.close() }
}
