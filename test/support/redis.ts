import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { freePort } from './free-port.ts'
import { until } from './until.ts'

/** A Redis that one test file may flush, stop and kill as it likes. */
export interface OwnRedis {
  /** REDIS_URL of one of its sixteen databases. */
  url(database?: number): string
  /** FLUSHALL; says how many keys it held. */
  flush(): Promise<number>
  kill(): Promise<void>
  /** Resolves when it answers; it has forgotten everything. */
  start(): Promise<void>
  remove(): Promise<void>
}

export async function ownRedis(): Promise<OwnRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'paht-own-redis-'))
  const port = await freePort()
  let server: ChildProcess | undefined

  const withClient = async <T>(use: (client: Redis) => Promise<T>): Promise<T> => {
    const client = new Redis(port, '127.0.0.1', {
      lazyConnect: true,
      retryStrategy: () => null,
      maxRetriesPerRequest: 0,
    })
    client.on('error', () => undefined) // the command says it
    try {
      await client.connect()
      return await use(client)
    } finally {
      client.disconnect()
    }
  }

  const own: OwnRedis = {
    url: (database = 0) => `redis://127.0.0.1:${port}/${database}`,
    flush: () =>
      withClient(async (client) => {
        const held = await client.dbsize()
        await client.flushall()
        return held
      }),
    kill: async () => {
      if (server === undefined || server.exitCode !== null || server.signalCode !== null) return
      const ended = once(server, 'exit')
      server.kill('SIGKILL')
      await ended
    },
    start: async () => {
      const settings = [
        '--bind',
        '127.0.0.1',
        '--port',
        String(port),
        '--save',
        '',
        '--appendonly',
        'no',
        '--dir',
        folder,
      ]
      server = spawn('setpriv', ['--pdeathsig', 'KILL', '--', 'redis-server', ...settings], { stdio: 'ignore' })
      await until('Redis answers', () => withClient((client) => client.ping()).catch(() => undefined))
    },
    remove: async () => {
      await own.kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
  await own.start()
  return own
}
