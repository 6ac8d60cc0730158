import type { AddressInfo } from 'node:net'
import type { App } from './app.ts'
import { readShipped } from './app.ts'
import { type Act, act } from './core/act.ts'
import { putCalendar } from './core/deadlines/apply-calendar.ts'
import { shippedCalendars } from './core/deadlines/load-calendar.ts'
import { HOURLY } from './core/deadlines/recompute.ts'
import { pollerOf, pollLater } from './core/delivery/poll.ts'
import { isFault } from './core/fault.ts'
import { makeAccept } from './core/intake/accept.ts'
import { startListening } from './core/intake/listen.ts'
import { reconcileLater } from './core/intake/reconcile.ts'
import { sourceStore } from './core/intake/source-store.ts'
import { firstToken } from './core/people/tokens.ts'
import { Profile } from './core/profile/profile.ts'
import { applyConfig } from './core/settings/apply.ts'
import { readProfile } from './core/settings/read-profile.ts'
import { renewProfiles } from './core/settings/renew-profiles.ts'
import { links, profiles, sources } from './core/tables/index.ts'
import { measure } from './core/tasks/measure.ts'
import { handlersOf } from './handlers.ts'
import { makeServer } from './http/server.ts'
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
  const renewed = await renewProfiles(ports, readShipped)
  if (isFault(renewed)) throw new Error(renewed.message)
  if (config.databaseUrl === undefined) await setUp(app)
  const server = config.roles.includes('web') ? await startServing(app) : undefined
  const worker = config.roles.includes('worker') ? await startWork(app) : undefined
  const listeners = config.roles.includes('listener') ? startListening(ports) : undefined
  // It is shown once: only when nothing can fail any more, and by a process that shows it.
  const token = server === undefined ? undefined : await firstToken(ports)
  return {
    port: server?.port,
    token,
    stop: async () => {
      await server?.close()
      await listeners?.stop()
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
  await act(ports, { actor: 'system', unrecorded: true }, async (a) => {
    for (const kind of ['anchor', 'sweep', 'recompute']) a.later({ kind, ref: HOURLY })
    a.later({ kind: 'tick', ref: 'deadlines' })
    for (const file of await newCalendars(a)) await putCalendar(a, file, 'shipped')
    for (const { id, kind } of await a.tx.select({ id: links.id, kind: links.kind }).from(links))
      if (pollerOf(ports.connectors.get(kind)) !== undefined) pollLater(a, id)
    for (const source of await a.tx.select().from(sources)) reconcileLater(a, source)
  })
  return startWorker({
    ...ports,
    slots: config.workerSlots,
    handlers: handlersOf(ports, config.dataDir),
  })
}

/** As this version of the product brings them. */
async function newCalendars(a: Act) {
  const applied = await a.tx.select({ body: profiles.body }).from(profiles)
  return shippedCalendars(
    readShipped,
    applied.map(({ body }) => Profile.parse(body).calendar),
  )
}

async function startServing({ ports, config }: App) {
  measure(ports)
  const { translate } = ports
  const server = await makeServer({ ports, translate, accept: makeAccept(ports), sources: sourceStore(ports) }, config)
  await server.listen({ port: config.port, host: config.host })
  return { port: (server.server.address() as AddressInfo).port, close: () => server.close() }
}
