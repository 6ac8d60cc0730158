import { setTimeout as wait } from 'node:timers/promises'
import { missing } from './compare.ts'
import { type Fact, facts } from './facts.ts'
import { REPORTS } from './reports.ts'
import { openScreen, type Screen } from './screen.ts'
import { type Sent, send } from './send.ts'
import { openStage, type Stage } from './stage.ts'
import { LEGEND, waitingText } from './table.ts'
import { type Row, seenBySender, unsent, watch } from './watch.ts'

/** Since this process began; starting and stopping fit into what is left of a minute. */
const DEADLINE_MS = 50_000
const LOOK_EVERY_MS = 250

interface Seen {
  readonly sent: Sent[]
  rows: readonly Row[]
  facts: readonly Fact[]
}

/** `npm run demo [-- --json]`: twelve reports on their whole way, watched from outside. Ends with 0, or with 1 naming what did not arrive. */
async function demo(asJson: boolean): Promise<number> {
  const interrupt = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupt.abort())
  const screen = openScreen(process.stdout, REPORTS)
  const seen: Seen = { sent: [], rows: REPORTS.map(unsent), facts: [] }
  const wrong: string[] = []
  const { opening, complaints, close } = await openStage(interrupt.signal)
  try {
    screen.step('Starting the product with its own PostgreSQL, and an office’s software …')
    screen.show(seen.rows)
    await play(await opening, { screen, seen, stop: interrupt.signal })
  } catch (error) {
    if (!interrupt.signal.aborted) wrong.push(reasonOf(error))
  } finally {
    if (wrong.length > 0) wrong.push(...(await complaints()))
    await close()
  }
  if (interrupt.signal.aborted) {
    console.error('Interrupted.')
    return 130
  }
  screen.end(seen.rows)
  tellMore(seen)
  wrong.push(...notArrived(seen))
  for (const line of wrong) console.error(line)
  if (asJson) console.log(JSON.stringify({ rows: seen.rows }))
  return wrong.length === 0 ? 0 : 1
}

/** `fetch` says only in its cause what failed. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message
}

interface Playing {
  readonly screen: Screen
  readonly seen: Seen
  readonly stop: AbortSignal
}

async function play(stage: Stage, { screen, seen, stop }: Playing): Promise<void> {
  const watching = watch(stage, stop)
  const show = (found: readonly Row[]) => {
    seen.rows = REPORTS.map((report) => found.find((row) => row.name === report.name) ?? unsent(report))
    screen.show(seen.rows)
  }
  const look = async () => show(await watching.look(seen.sent))
  const until = async (arrived: (rows: readonly Row[]) => boolean) => {
    for (await look(); !arrived(seen.rows); await look()) {
      if (performance.now() > DEADLINE_MS) throw new Error(`Not within ${DEADLINE_MS / 1000} s.`)
      await wait(LOOK_EVERY_MS, undefined, { signal: stop })
    }
  }
  const sendAll = async (repeats: boolean) => {
    for (const report of REPORTS.filter(({ repeat = false }) => repeat === repeats)) {
      const sent = await send(stage.url, report)
      seen.sent.push(sent)
      show([...seen.rows.filter(({ name }) => name !== report.name), seenBySender(sent)])
    }
  }

  screen.step('Citizens send ten reports to the portal …')
  await sendAll(false)
  screen.step('Each finds its agency; deliveries wait, since no office is linked yet …')
  await until((rows) => REPORTS.every((r, i) => r.repeat || r.expected.agency === undefined || rows[i]!.delivery))
  screen.step('Two matters are reported again, by the same person and by a neighbour …')
  await sendAll(true)
  await until((rows) => REPORTS.every((r, i) => r.repeat !== true || rows[i]!.joinedTo))
  screen.step('IT links the office (paht config apply), which takes, works and answers …')
  await stage.applyLink()
  await until((rows) => REPORTS.every((report) => missing(report, rows).length === 0))
  seen.facts = await facts({ stage, watching, sent: seen.sent, rows: seen.rows })
}

function tellMore({ rows, facts: found }: Seen): void {
  console.log(`\n${LEGEND}\n`)
  for (const { name, errors, http, statusText, waitingFor } of rows) {
    if (errors.length > 0) console.log(`${name}: ${http}, ${errors.map((e) => `${e.field}: ${e.message}`).join(' · ')}`)
    if (waitingFor !== null) console.log(`${name}: ${statusText}: ${waitingText(waitingFor)} (${waitingFor})`)
  }
  for (const { holds, text } of found) console.log(`${holds ? '✓' : '✗'} ${text}`)
  const arrived = REPORTS.filter((report) => missing(report, rows).length === 0).length
  console.log(`\n${arrived} of ${REPORTS.length} as expected, ${(performance.now() / 1000).toFixed(1)} s.`)
}

function notArrived({ rows, facts: found }: Seen): string[] {
  return [
    ...REPORTS.map((report) => ({ name: report.name, late: missing(report, rows) }))
      .filter(({ late }) => late.length > 0)
      .map(({ name, late }) => `Did not arrive: ${name}: ${late.join('; ')}`),
    ...found.filter(({ holds }) => !holds).map(({ text }) => `Does not hold: ${text}`),
  ]
}

const code = await demo(process.argv.includes('--json'))
// Said in full first. Whatever still waits for a process that has ended must not keep this one.
process.stdout.write('', () => process.exit(code))
