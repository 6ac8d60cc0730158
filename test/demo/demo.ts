import { setTimeout as wait } from 'node:timers/promises'
import { missing } from './compare.ts'
import type { Fact } from './fact.ts'
import { facts, IMAP_SERVERS } from './facts.ts'
import type { DemoReport, PortalReport } from './report.ts'
import { FIRST, REPORTS } from './reports.ts'
import { type Row, seenBySender, unsent } from './row.ts'
import { openScreen, type Screen } from './screen.ts'
import { send } from './send.ts'
import { answerBySms } from './send-phone.ts'
import type { Sent } from './sent.ts'
import { openStage, type Stage } from './stage.ts'
import { tellStory } from './story/story.ts'
import { LEGEND, waitingText } from './table.ts'
import { watch } from './watch.ts'

/** Since this process began; building before it and stopping after it fit into what is left of 90 s. */
const DEADLINE_MS = 80_000
const LOOK_EVERY_MS = 500
/** How those hear of us whose telephone shows it in one sentence. */
const TOLD: Readonly<Partial<Record<Row['channel'], string>>> = {
  messenger: 'in Messenger',
  comment: 'in private and in public',
  sms: 'by text message',
  hotline: 'by text message',
}

interface Seen {
  readonly sent: Sent[]
  rows: readonly Row[]
  facts: readonly Fact[]
}

/** `npm run demo [-- --json]`: eighteen matters by five channels on their whole way, watched from outside. Ends with 0, or with 1 naming what did not arrive. */
async function demo(asJson: boolean): Promise<number> {
  const interrupt = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupt.abort())
  const screen = openScreen(process.stdout, REPORTS)
  const seen: Seen = { sent: [], rows: REPORTS.map(unsent), facts: [] }
  const wrong: string[] = []
  const { opening, complaints, close } = await openStage(interrupt.signal)
  try {
    screen.step(
      'Starting the product with its own PostgreSQL, a mailbox, Meta, Twilio, and the document exchange with its offices …',
    )
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
      const sent = await send(stage, report)
      seen.sent.push(sent)
      show([...seen.rows.filter(({ name }) => name !== report.name), seenBySender(sent)])
    }
  }

  screen.step(
    `IT sets up the mailbox (${IMAP_SERVERS[stage.world.kind]}), the page, the number and the hotline, and links one office for a start …`,
  )
  const agencies = [...(await watching.agencies())]
  const [office] = agencies.find(([, name]) => name === FIRST.expected.agency)!
  await stage.apply({ sources: true, offices: [office] })
  screen.step('Thirteen matters are sent by five channels; most wait for their office to be linked …')
  await sendAll(false)
  await until((rows) => REPORTS.every((report, i) => report.repeat || hasBegun(report, rows[i]!)))
  screen.step('One names no place, is asked for it by text message, and answers there …')
  for (const { form, whenAsked } of REPORTS.filter(isAsked))
    await answerBySms(stage, `+84${String(form['phone']).slice(1)}`, whenAsked)
  await until((rows) => REPORTS.every((report, i) => !isAsked(report) || rows[i]!.delivery !== null))
  screen.step('Four are reported again by another channel; somebody answers our letter …')
  await sendAll(true)
  await until((rows) => REPORTS.every((report, i) => report.repeat !== true || rows[i]!.joinedTo))
  screen.step('The exchange took the first document, its reply was lost: the product waits, then looks it up …')
  await until((rows) => rows.some(({ name, delivery }) => name === FIRST.name && delivery !== 'ready'))
  screen.step('IT links the other offices; all take, work and answer …')
  await stage.hurryOffices()
  await stage.apply({ offices: ['*'] })
  await until((rows) => REPORTS.every((report) => missing(report, rows).length === 0))
  seen.facts = await facts({ stage, watching, sent: seen.sent, rows: seen.rows })
}

function isAsked(report: DemoReport): report is PortalReport & { readonly whenAsked: string } {
  return report.channel === 'portal' && report.whenAsked !== undefined
}

/** It has its agency, its sender has been told; or its sender is asked where it is; or it is listed as what it is. */
function hasBegun(report: DemoReport, { delivery, notices, aside }: Row): boolean {
  const { expected } = report
  if (isAsked(report)) return notices.includes('asked')
  if (expected.aside !== undefined) return aside !== null
  return (expected.agency === undefined || delivery !== null) && notices.length >= Math.min(1, expected.notices.length)
}

function tellMore({ rows, facts: found }: Seen): void {
  console.log(`\n${LEGEND}\n`)
  for (const { name, errors, reply, statusText, waitingFor } of rows) {
    if (errors.length > 0)
      console.log(`${name}: ${reply}, ${errors.map((e) => `${e.field}: ${e.message}`).join(' · ')}`)
    if (waitingFor !== null) console.log(`${name}: ${statusText}: ${waitingText(waitingFor)} (${waitingFor})`)
  }
  for (const { name, channel, replies } of rows)
    if (replies.length > 0) console.log(`${name}, ${TOLD[channel]}:\n${quoted(replies)}`)
  for (const { holds, text } of found) console.log(`${holds ? '✓' : '✗'} ${text}`)
  const arrived = REPORTS.filter((report) => missing(report, rows).length === 0).length
  console.log(`\n${arrived} of ${REPORTS.length} as expected, ${(performance.now() / 1000).toFixed(1)} s.`)
}

function quoted(replies: readonly string[]): string {
  return replies.map((reply) => `    “${reply}”`).join('\n')
}

function notArrived({ rows, facts: found }: Seen): string[] {
  return [
    ...REPORTS.map((report) => ({ name: report.name, late: missing(report, rows) }))
      .filter(({ late }) => late.length > 0)
      .map(({ name, late }) => `Did not arrive: ${name}: ${late.join('; ')}`),
    ...found.filter(({ holds }) => !holds).map(({ text }) => `Does not hold: ${text}`),
  ]
}

const profile = process.argv.indexOf('--profile')
const code = await (profile === -1 ? demo(process.argv.includes('--json')) : tellStory(process.argv[profile + 1] ?? ''))
// Said in full first. Whatever still waits for a process that has ended must not keep this one.
process.stdout.write('', () => process.exit(code))
