import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  PHRASES,
  phraseExamples,
  toldExample,
  URGENT_PHRASES,
  urgencyExample,
  urgentExamples,
} from '../../src/core/learning/examples.ts'
import { readPlacesFile } from '../../src/core/places/file.ts'
import { placesOf } from '../../src/core/places/places.ts'
import { readUnitsFile } from '../../src/core/units/file.ts'
import { type Example, learn, score } from '../../src/normalize/linear.ts'
import { clean } from '../../src/normalize/text.ts'
import { ENOUGH } from '../../src/normalize/urgent.ts'
import type { PlaceData } from '../../src/normalize/where.ts'
import { type Line, readCorpus } from './corpus.ts'
import { ratio } from './ratio.ts'

/**
 * Makes the model that ships, of the phrases of ours and of the corpus, and says how good it is by cross-validation: five times it is learned without
 * a fifth of the matters (all reports of one matter stand in one fifth) and asked about those. With `--check` nothing is written.
 */
const FOLDS = 5
const ROOT = join(import.meta.dirname, '../..')

const lines = await readCorpus(join(import.meta.dirname, 'dev.jsonl'))
const [matterPhrases, urgentPhrases] = await Promise.all(
  [PHRASES, URGENT_PHRASES].map((file) => readFile(join(ROOT, file), 'utf8')),
)
const places = new Map<string, PlaceData>()
for (const profile of new Set(lines.map((line) => line.profile))) places.set(profile, await placesIn(profile))

interface Learned {
  readonly example: Example
  readonly fold: number
}

const foldsOf = lines.map(({ id, gold: { incident } }) => foldOf(incident ?? id))
const matters = lines.flatMap((line, i): Learned[] => {
  const { kind, category } = line.gold
  if (kind !== 'report' || category === null) return []
  return [{ example: toldExample({ ...toldIn(line), value: category }, places.get(line.profile)!), fold: foldsOf[i]! }]
})
const urgency = lines.map(
  (line, i): Learned => ({ example: urgencyExample(toldIn(line), line.gold.urgent), fold: foldsOf[i]! }),
)
const ofMatters = phraseExamples(matterPhrases!)
const ofUrgency = urgentExamples(urgentPhrases!, matterPhrases!)

const ranked = crossValidated(ofMatters, matters)
const percent = (share: number) => `${(100 * share).toFixed(1)} %`
const shareOf = (right: (one: (typeof ranked)[number]) => boolean) =>
  percent(ranked.filter(right).length / ranked.length)
const exact = shareOf(({ value, scored }) => scored[0]!.value === value)
const inThree = shareOf(({ value, scored }) => scored.slice(0, 3).some((one) => one.value === value))
console.log(`category, cross-validated: ${exact} exact, ${inThree} in the first three, of ${ranked.length}`)
const alarms = crossValidated(ofUrgency, urgency).map(({ value, scored }) => ({
  gold: value === 'urgent',
  said: (scored.find((one) => one.value === 'urgent')?.probability ?? 0) >= ENOUGH,
}))
const { precision, recall } = ratio(alarms)
console.log(`urgent, cross-validated: precision ${percent(precision)}, recall ${percent(recall)}`)
if (!process.argv.includes('--check')) {
  const examplesOf = (learned: readonly Learned[]) => learned.map(({ example }) => example)
  const models = {
    matters: learn([...ofMatters, ...examplesOf(matters)]),
    urgency: learn([...ofUrgency, ...examplesOf(urgency)]),
  }
  await writeFile(join(ROOT, 'data/learn/model.json'), `${JSON.stringify(models)}\n`)
}

function crossValidated(phrases: readonly Example[], learned: readonly Learned[]) {
  return Array.from({ length: FOLDS }, (_, fold) => {
    const model = learn([...phrases, ...learned.filter((one) => one.fold !== fold).map(({ example }) => example)])
    return learned
      .filter((one) => one.fold === fold)
      .map(({ example }) => ({ value: example.value, scored: score(model, example.features) }))
  }).flat()
}

async function placesIn(profile: string): Promise<PlaceData> {
  const units = readUnitsFile(await readFile(join(ROOT, `data/units/${profile}.yaml`), 'utf8'))
  const file = readPlacesFile(await readFile(join(ROOT, `data/places/${profile}.yaml`), 'utf8'))
  if ('problems' in units || 'problems' in file) throw new Error(`the data of ${profile} cannot be read`)
  return placesOf(units.value.units, file.value)
}

/** What of a line is read, as its channel brings it. */
function toldIn({ channel, raw }: Line): {
  readonly title?: string | undefined
  readonly text: string
  readonly picked?: string | undefined
} {
  switch (channel) {
    case 'email':
      return { title: clean(raw.subject), text: clean(raw.text ?? bare(raw.html ?? '')) }
    case 'facebook':
      return { text: clean(raw.text) }
    case 'sms':
      return { text: clean(raw.body) }
    case 'hotline':
      return {
        text: clean(raw.turns.flatMap(({ speaker, text }) => (speaker === 'operator' ? [] : [text])).join('\n')),
      }
    case 'portal':
      return { title: raw.title, text: clean(raw.content), picked: raw.category }
  }
}

function bare(html: string): string {
  return html.replace(/<style[\s\S]*?<\/style>|<[^>]*>/g, ' ')
}

function foldOf(matter: string): number {
  let hash = 7
  for (const letter of matter) hash = (hash * 31 + letter.charCodeAt(0)) >>> 0
  return hash % FOLDS
}
