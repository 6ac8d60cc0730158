import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../support/free-port.ts'
import { isLook, openShell, type Shell, showsIt, stepsOf } from '../support/page.ts'
import { type Product, startProduct } from '../support/product.ts'
import { until } from '../support/until.ts'

const ROOT = join(import.meta.dirname, '../..')
const steps = stepsOf(await readFile(join(ROOT, 'docs/app.md'), 'utf8'))

let folder: string
let product: Product
let shell: Shell
beforeAll(async () => {
  for (const needed of ['bash', 'curl']) {
    try {
      execFileSync(needed, ['--version'], { stdio: 'ignore' })
    } catch (cause) {
      throw new Error(`docs/app.md is typed into a shell: ${needed} must be installed`, { cause })
    }
  }
  folder = await mkdtemp(join(tmpdir(), 'paht-app-page-'))
  const dataDir = join(folder, 'data')
  product = await startProduct({ dataDir, logFile: join(folder, 'product.log') })
  await writeFile(join(folder, 'photo.jpg'), await photo())
  await writeFile(join(folder, 'video.mp4'), film())
  shell = await openShell(folder, {
    ...{ HUB: product.url, TOKEN: product.token!, APP_PORT: String(await freePort()), PAHT_DATA_DIR: dataDir },
    // A command of the product's, as it was built.
    'BASH_FUNC_npx%%': `() { shift; node '${join(ROOT, 'dist/main.js')}' "$@"; }`,
  })
})
afterAll(async () => {
  await shell?.run('kill $APP_PID || true')
  await product?.stop()
  await rm(folder, { recursive: true, force: true })
})

describe('docs/app.md', () => {
  it('tells of everything that an app can do', () => {
    expect(steps.length).toBeGreaterThan(15)
    expect(steps.filter(({ shows }) => shows !== undefined).length).toBeGreaterThan(12)
  })

  it.each(steps.map((step) => [step.line, step] as const))('line %i does what the page says', async (_, step) => {
    const { shows } = step
    if (shows === undefined) return void (await shell.run(step.commands))
    if (!isLook(step.commands)) return check(shows, await shell.run(step.commands))
    // What workers do takes them a moment, in which somebody who reads has not read on. A search that finds nothing yet fails.
    let found = ''
    await until('what the page shows', async () => {
      found = await shell.run(step.commands).catch(String)
      return showsIt(shows, found) || undefined
    }).catch(() => check(shows, found))
  })
})

function check(shows: NonNullable<(typeof steps)[number]['shows']>, found: string): void {
  if (!showsIt(shows, found)) expect(found).toBe(shows.text)
}

const photo = () =>
  sharp({ create: { width: 64, height: 48, channels: 3, background: '#888' } })
    .jpeg()
    .toBuffer()

/** As its first bytes say; what comes then is nobody's. */
function film(): Buffer {
  const bytes = Buffer.alloc(300_000)
  bytes.writeUInt32BE(24, 0)
  bytes.write('ftypisom\0\0\0\0isomiso2', 4, 'latin1')
  return bytes
}
