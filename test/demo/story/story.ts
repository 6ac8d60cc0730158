import { openProvince } from '../../regulations/support/open.ts'
import { act, type Cast, codeOf } from './cast.ts'
import { type Line, readScript, readWords, STORIES, type Words } from './script.ts'
import { fill, look } from './see.ts'

/** Since this process began: a story that hangs does not keep whoever watches. */
const DEADLINE_MS = 55_000
const INDENT = ' '.repeat(18)

/** `npm run demo -- --profile dien-bien`: one case from the first report to the rating. Ends with 0, or with 1 naming what did not happen. */
export async function tellStory(profile: string): Promise<number> {
  const words = await readWords()
  const name = STORIES.find((one) => one === profile)
  if (name === undefined) {
    console.error(`${words.nobody}: ${profile} (${STORIES.join(', ')})`)
    return 1
  }
  const script = await readScript(name)
  console.log(`\n${script.title}\n${script.decision}\n\n${words.starting}`)
  const province = await openProvince({ profile: name, office: script.office, start: script.start })
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void province.close().then(() => process.exit(130)))
  try {
    return await play({ province, script, citizens: new Map(), read: new Map() }, words)
  } finally {
    await province.close()
  }
}

async function play(cast: Cast, words: Words): Promise<number> {
  const { script } = cast
  let hour = script.start
  for (const [i, line] of script.lines.entries()) {
    const day = i === 0 ? '' : hour.slice(0, 10)
    hour = line.at ?? hour
    if (!hour.startsWith(day) || day === '') console.log(`\n${dayOf(hour.slice(0, 10))}`)
    console.log(`${hour.slice(11)}  ${line.who.padEnd(9)}  ${line.text}  [${line.article}]`)
    const wrong = await happens(cast, words, line)
    if (wrong !== undefined) {
      console.error(fill(words.missing, { line: line.text, what: wrong }))
      return 1
    }
  }
  const seconds = Math.round(performance.now() / 1000)
  console.log(`\n${fill(script.end, { code: codeOf(cast), lines: script.lines.length, seconds })}`)
  return 0
}

/** Lets it be that hour, does what is done then and reads out what is seen; gives what did not happen. */
async function happens(cast: Cast, words: Words, { at, does, sees }: Line): Promise<string | undefined> {
  try {
    if (performance.now() > DEADLINE_MS) return `${DEADLINE_MS / 1000} s`
    if (at !== undefined) await cast.province.at(at)
    if (does !== undefined) await act(cast, does)
    for (const each of sees) {
      const seen = await look(cast, words, each)
      if (seen === undefined) return JSON.stringify(each)
      for (const said of seen) console.log(`${INDENT}${said}`)
    }
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** Such as `Thứ Ba, 17/11/2026`. */
function dayOf(day: string): string {
  const parts = { weekday: 'long', day: '2-digit', month: '2-digit', year: 'numeric' } as const
  return new Intl.DateTimeFormat('vi-VN', { timeZone: 'UTC', ...parts }).format(new Date(`${day}T00:00:00Z`))
}
