import { setTimeout as later } from 'node:timers/promises'
import { accountsByPassword } from '../regulations/support/accounts.ts'
import type { Line } from './corpus.ts'
import type { Deployment } from './deployment.ts'
import type { Judged } from './judged.ts'
import { ASIDE, saidOf } from './read-back.ts'
import { type Samples, send } from './send.ts'
import { type Readings, type Submission, staffOf } from './staff.ts'

/** A line that has left no trace by then was lost. */
const LOST_MS = 20_000
const LOOK_MS = 40

/** Feeds a province's lines in the order of their time, none before its turn; then reads back what became of each. */
export async function run(to: Deployment, lines: readonly Line[], samples: Samples): Promise<Judged[]> {
  let staff = staffOf(to)
  const sent: {
    readonly line: Line
    readonly submission?: Submission
    readonly readings?: Readings
    readonly aside?: true
  }[] = []
  let newest = (await staff.submissions(1))[0]?.id
  let asideBefore = await staff.setAside()
  for (const line of lines) {
    const at = new Date(line.received_at)
    await to.move(at)
    await send(to, line, samples)
    let looks = 0
    const came = await until(async () => {
      const [found] = await staff.submissions(1)
      if (found !== undefined && found.id !== newest && (found.reportId ?? found.partOf) !== null) return found
      // Seldom, so it is not asked each time.
      return looks++ % 5 === 4 && (await staff.setAside()) !== asideBefore ? ('aside' as const) : undefined
    })
    if (came === 'aside') asideBefore = await staff.setAside()
    const submission = came === 'aside' ? undefined : came
    if (submission !== undefined && Math.abs(Date.parse(submission.receivedAt) - at.getTime()) > 60_000)
      throw new Error(`${line.id} was to come at ${line.received_at}, but came at ${submission.receivedAt}`)
    newest = (await staff.submissions(1))[0]?.id
    // What is told of a call later is read later.
    if (line.channel === 'hotline') await until(staff.rests)
    const readings = submission && (await staff.readings(await ownOf(submission)))
    sent.push({
      line,
      ...(submission && { submission }),
      ...(readings && { readings }),
      ...(came === 'aside' && { aside: true as const }),
    })
  }
  await until(staff.rests)
  // Who may look at people signs in; what a session may last is less than a corpus does.
  const accounts = accountsByPassword(to.url, to.token)
  await accounts.add({ login: 'eval', role: 'triage', agencies: 'all' })
  staff = staffOf({ url: to.url, token: await accounts.signIn('eval') })
  const by = new Map((await staff.submissions(200)).map((one) => [one.id, one]))
  const judged: Judged[] = []
  for (const { line, submission, readings, aside } of sent) {
    const own = submission && by.get(submission.id)
    // What goes on from a message in the same breath is in that one's report.
    const now = own?.partOf == null ? own : by.get(own.partOf)
    judged.push({ line, said: aside ? ASIDE : now && (await saidOf(staff, now, readings)) })
  }
  return judged

  /** What goes on from a message in the same breath is in that one's report. */
  async function ownOf(submission: Submission): Promise<Submission> {
    if (submission.partOf === null) return submission
    return (await staff.submissions(200)).find(({ id }) => id === submission.partOf) ?? submission
  }
}

async function until<T>(look: () => Promise<T | undefined>): Promise<T | undefined> {
  const end = performance.now() + LOST_MS
  while (performance.now() < end) {
    const seen = await look()
    if (seen !== undefined) return seen
    await later(LOOK_MS)
  }
  return undefined
}
