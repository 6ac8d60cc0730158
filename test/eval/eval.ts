import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import sharp from 'sharp'
import { openMailWorld } from '../support/mail/world.ts'
import { drops } from './compare.ts'
import { type Line, readCorpus } from './corpus.ts'
import { deploy } from './deployment.ts'
import type { Judged } from './judged.ts'
import { type Figures, figuresOf } from './measure.ts'
import { print, printMisses } from './print.ts'
import { run } from './run.ts'
import type { Samples } from './send.ts'

/** So many provinces at a time: what a machine of two cores can do. */
const AT_ONCE = 2
const COMMITTED = join(import.meta.dirname, 'figures.json')

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    misses: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
    commit: { type: 'boolean', default: false },
  },
})

/** An MP4 that plays nothing: a `ftyp` box (ISO/IEC 14496-12 §4.3). */
const VIDEO = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypisom\0\0\u0002\0isomiso2', 'latin1')])

function byProfile<T>(of: readonly T[], profileOf: (one: T) => string): Map<string, T[]> {
  const found = new Map<string, T[]>()
  for (const one of of) found.set(profileOf(one), [...(found.get(profileOf(one)) ?? []), one])
  return found
}

async function judgeAll(all: readonly Line[]): Promise<Judged[]> {
  const folder = await mkdtemp(join(tmpdir(), 'paht-eval-'))
  const world = await openMailWorld({ force: 'hoodiecrow' })
  const image = await sharp({ create: { width: 64, height: 48, channels: 3, background: '#777' } })
    .jpeg()
    .toBuffer()
  const samples: Samples = { image, video: VIDEO }
  const waiting = [...byProfile(all, ({ profile }) => profile)]
  const judged: Judged[] = []
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [profile, own] = next
      const to = await deploy(profile, { folder, world, start: new Date(own[0]!.received_at) })
      try {
        judged.push(...(await run(to, own, samples)))
      } finally {
        await to.close()
      }
    }
  }
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, work))
  } finally {
    await world.close()
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  }
  return judged
}

interface Result {
  readonly lines: number
  readonly failed: number
  readonly overall: Figures
  readonly profiles: Readonly<Record<string, Figures>>
}

const files = positionals.length > 0 ? positionals : [join(import.meta.dirname, 'dev.jsonl')]
const lines = (await Promise.all(files.map(readCorpus))).flat()
const judged = await judgeAll(lines)
const profiles = new Map(
  [...byProfile(judged, ({ line }) => line.profile)].map(([profile, of]) => [profile, figuresOf(of)] as const),
)
const result: Result = {
  lines: lines.length,
  failed: judged.filter(({ said }) => said === undefined).length,
  overall: figuresOf(judged),
  profiles: Object.fromEntries([...profiles].toSorted(([a], [b]) => (a < b ? -1 : 1))),
}
if (values.misses) printMisses(judged)
print(result.overall, profiles)
console.log(`${result.lines} lines, ${result.failed} failed, ${(performance.now() / 1000).toFixed(0)} s`)
if (values.commit) await writeFile(COMMITTED, `${JSON.stringify(result, null, 2)}\n`)
const worse = values.check ? drops(JSON.parse(await readFile(COMMITTED, 'utf8')) as Result, result) : []
for (const line of worse) console.error(line)
const code = worse.length > 0 || result.failed > 0 ? 1 : 0
const last = values.json ? `${JSON.stringify(result)}\n` : ''
// Said in full first. Whatever still waits for a process that has ended must not keep this one.
process.stdout.write(last, () => process.exit(code))
