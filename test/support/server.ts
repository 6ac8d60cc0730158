import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import type { Ports } from '../../src/core/act.ts'
import { makeAccept } from '../../src/core/intake/accept.ts'
import { type SourceStore, sourceStore } from '../../src/core/intake/source-store.ts'
import { firstToken } from '../../src/core/people/tokens.ts'
import { handlersOf } from '../../src/handlers.ts'
import { makeServer } from '../../src/http/server.ts'
import { loadLocales } from '../../src/platform/locales/locales.ts'
import { claim } from '../../src/platform/tasks/claim.ts'
import { type TestPorts, testPorts } from './ports.ts'

export interface TestServer extends TestPorts {
  /** Where it listens, on the loopback address. */
  readonly url: string
  readonly app: FastifyInstance
  /** The headers of staff. */
  readonly staff: { readonly authorization: string }
  /** Does all that is due, as workers would. */
  work(): Promise<void>
}

/** The real server on a database of its own, listening. */
export async function testServer(overrides: Partial<Ports> = {}, profile?: string): Promise<TestServer> {
  const t = await testPorts(overrides, profile)
  return serve(t, sourceStore(t.ports))
}

/** The same on ports that are there already. */
export async function serve(t: TestPorts, sources: SourceStore): Promise<TestServer> {
  const { ports } = t
  const translate = await loadLocales(join(import.meta.dirname, '../../locales'))
  const app = await makeServer({ ports, translate, accept: makeAccept(ports), sources })
  await app.listen({ port: 0, host: '127.0.0.1' })
  const token = await firstToken(ports)
  return {
    ...t,
    app,
    url: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`,
    staff: { authorization: `Bearer ${token}` },
    work: () => workThrough(ports, t.dataDir),
    close: async () => {
      await app.close()
      await t.close()
    },
  }
}

const TOKEN = '00000000-0000-4000-8000-000000000000'

async function workThrough(ports: Ports, dataDir: string): Promise<void> {
  const { db, clock } = ports
  const handlers = handlersOf(ports, dataDir)
  await db.$client.query('insert into lane (name) select unnest($1::text[]) on conflict do nothing', [
    Object.keys(handlers),
  ])
  for (;;) {
    const tasks = await claim(db.$client, clock.now(), 16, TOKEN)
    if (tasks.length === 0) return
    for (const task of tasks) await handlers[task.kind]!(task)
  }
}
