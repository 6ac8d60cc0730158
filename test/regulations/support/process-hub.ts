import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { stringify } from 'yaml'
import { findRunning } from '../../../src/platform/database/embedded/running.ts'
import { paht, startProduct } from '../../support/product.ts'
import { until } from '../../support/until.ts'
import { accountsByPassword } from './accounts.ts'
import type { Hub } from './hub.ts'

/** Comes again by itself, for ever. */
const EVER = ['poll', 'anchor', 'sweep', 'recompute']

const A_TICK = 10_000

/** The built product as a process of its own, with its own database and a clock for trials. */
export async function processHub(folder: string, { profile, start }: { profile: string; start: Date }): Promise<Hub> {
  const dataDir = join(folder, 'data')
  const clockFile = join(folder, 'ahead')
  await mkdir(dataDir)
  let ahead = 0
  /** Whole or not at all, for those who read it meanwhile. */
  const setClock = async (to: Date) => {
    ahead = to.getTime() - Date.now()
    await writeFile(`${clockFile}.next`, String(ahead))
    await rename(`${clockFile}.next`, clockFile)
  }
  await setClock(start)
  const product = await startProduct({
    dataDir,
    env: { LOG_LEVEL: 'warn', PAHT_TRIAL_CLOCK: clockFile },
    logFile: join(folder, 'product.log'),
  })
  const db = new pg.Client((await findRunning(dataDir))!)
  // A product that has ended takes its database with it: whoever asks next says so.
  db.on('error', () => undefined)
  await db.connect()
  const now = () => new Date(Date.now() + ahead)
  const count = async (statement: string, values: readonly unknown[]) =>
    Number((await db.query<{ count: string }>(statement, [...values])).rows[0]!.count)
  const apply = async (config: object) => {
    const file = join(folder, 'config.yaml')
    await writeFile(file, stringify(config))
    const { code, stderr } = await paht(['config', 'apply', file], {
      PAHT_DATA_DIR: dataDir,
      PAHT_TRIAL_CLOCK: clockFile,
    })
    if (code !== 0) throw new Error(`config apply: ${stderr}`)
  }
  await apply({ profile, sources: [{ id: 'portal', kind: 'portal', profile, name: 'Cổng' }] })
  const move = async (to: Date) => {
    await setClock(to)
    // A tick that comes after this one has looked at the new hour.
    await until('the clock has moved', async () =>
      (await count(`select count(*) from task where kind = 'tick' and due >= $1`, [to])) > 0 ? true : undefined,
    )
  }
  return {
    url: product.url,
    token: product.token!,
    accounts: accountsByPassword(product.url, product.token!),
    now,
    move,
    rest: async () => {
      const tasks = await count(
        `select count(*) from task where state = 'open' and due <= $1 and kind <> all($2::text[])`,
        [now(), EVER],
      )
      if (tasks > 0) return false
      const marks = await count(`select count(*) from deadline where state = 'open' and next_at <= $1`, [now()])
      // A tick looks at them within seconds, which need not be waited for.
      if (marks > 0) await move(new Date(now().getTime() + A_TICK))
      return marks === 0
    },
    apply,
    close: async () => {
      await db.end()
      await product.kill()
    },
  }
}
