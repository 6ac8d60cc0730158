import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Submitted } from '../src/channels/channel.ts'
import { Models } from '../src/core/learning/shipped.ts'
import { readPlacesFile } from '../src/core/places/file.ts'
import { placesOf } from '../src/core/places/places.ts'
import { readItem } from '../src/core/reading/read-item.ts'
import type { Reader } from '../src/core/reading/reader.ts'
import { readUnitsFile } from '../src/core/units/file.ts'
import { makeGazetteer } from '../src/normalize/place.ts'
import { type Line, readCorpus } from '../test/eval/corpus.ts'
import type { Result } from './result.ts'

const ROOT = join(import.meta.dirname, '..')
const AIM = 2000
const MB = 1024 * 1024

/** How many reports one core reads in a second, and what a text costs that was made to be slow. */
export async function normalize(full: boolean): Promise<Result> {
  const reader = await readerOf('hcmc')
  const lines = (await readCorpus(join(ROOT, 'test/eval/dev.jsonl'))).filter(({ channel }) => channel !== 'email')
  const items = lines.map(itemOf)
  const at = new Date(lines[0]!.received_at)
  const read = (item: Submitted) => readItem(item, reader, { province: '79', receivedAt: at })
  const pass = () => {
    const from = process.cpuUsage()
    for (const item of items) read(item)
    const { user, system } = process.cpuUsage(from)
    return (user + system) / 1000
  }
  pass()
  const passes = Array.from({ length: full ? 20 : 5 }, pass).sort((a, b) => a - b)
  const perSecond = (items.length / passes[Math.floor(passes.length / 2)]!) * 1000
  const slow = Object.entries(HOSTILE).map(([name, piece]) => {
    const content = piece.repeat(Math.ceil(MB / piece.length)).slice(0, MB)
    const from = performance.now()
    read({ ...items[0]!, content })
    return { name, ms: performance.now() - from }
  })
  const slowest = slow.reduce((one, other) => (other.ms > one.ms ? other : one))
  const at1MB = slow.map(({ name, ms }) => [`ms for 1 MB of: ${name}`, ms] as const)
  return {
    about:
      'Reading, on one core: the corpus, and texts of 1 MB that are made to be slow (channels cut what they hand on at 50,000 letters)',
    ratios: { 'reports per second': perSecond, 'MB per second, slowest': 1000 / slowest.ms },
    aims: { 'reports per second': AIM },
    figures: Object.fromEntries(at1MB),
  }
}

/** What patterns trip over: what nearly begins a name, a time, a number, an insult, again and again. */
const HOSTILE: Readonly<Record<string, string>> = {
  'one word': 'xin ',
  'no blanks': 'nguyenvana',
  'nearly secrecy': 'xin de nghi mong giu cho giup ',
  'nearly a petition': 'toi xin muon lam don phai quyet ',
  'nearly danger': 'sat lo dat da duong xe nguoi ',
  'nearly times': 'tu 22h toi 4h sang thu hai ngay 5/1 ',
  'nearly phones': '091 234 09 12 0912 ',
  'nearly names': 'Nguyễn Văn Lê Thị Trần ',
  places: 'đường Lê Duẩn phường Tân Hưng quận 7 ',
  lines: 'operator: dạ anh tên gì\ncitizen: dạ\n',
  marks: 'e\u0301\u0323\u0302',
}

function itemOf({ channel, raw }: Line): Submitted {
  const base: Submitted = {
    ...{ item: 'submitted', event: 'e', keys: ['e'], sender: {}, content: '', files: [] },
    ...{ identitySecret: false, contentSecret: false },
  }
  switch (channel) {
    case 'facebook':
      return { ...base, sender: { name: raw.sender_name }, content: raw.text }
    case 'sms':
      return { ...base, sender: { phone: raw.from }, content: raw.body }
    case 'hotline':
      return {
        ...{
          ...base,
          spoken: true,
          content: raw.turns
            .filter(({ speaker }) => speaker !== 'operator')
            .map(({ text }) => text)
            .join('\n'),
        },
        aside: raw.turns.map(({ speaker, text }) => `${speaker}: ${text}`).join('\n'),
      }
    case 'portal':
      return {
        ...base,
        sender: { name: raw.name, phone: raw.phone },
        ...(raw.title && { title: raw.title }),
        content: raw.content,
      }
    default:
      return base
  }
}

async function readerOf(name: string): Promise<Reader> {
  const text = (file: string) => readFile(join(ROOT, file), 'utf8')
  const units = readUnitsFile(await text(`data/units/${name}.yaml`))
  const places = readPlacesFile(await text(`data/places/${name}.yaml`))
  if ('problems' in units || 'problems' in places) throw new Error(`the data of ${name} cannot be read`)
  return {
    units: makeGazetteer(
      units.value.units.map(({ parent, from, ...unit }) => ({ ...unit, period: from, ...(parent && { parent }) })),
    ),
    places: new Map([[places.value.province, placesOf(units.value.units, places.value)]]),
    ...Models.parse(JSON.parse(await text('data/learn/model.json'))),
  }
}
