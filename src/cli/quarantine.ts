import { type Command, Option } from 'commander'
import { isFault } from '../core/fault.ts'
import { listNotTaken, takeInAgain } from '../core/intake/quarantine.ts'
import { COMMAND_LINE } from '../core/people/officer.ts'
import { complain, withApp } from './with-app.ts'

const STATES = ['quarantined', 'set-aside'] as const

interface Asked {
  readonly state?: (typeof STATES)[number]
  readonly limit: string
}

export function quarantineCommand(program: Command): void {
  const quarantine = program
    .command('quarantine')
    .description('what could not be read, and what was set aside as no report, newest first')
    .addOption(new Option('--state <state>', 'only those').choices(STATES))
    .option('--limit <n>', 'how many', '50')
    .action((asked: Asked) => list(asked))
  quarantine
    .command('take-in')
    .argument('<id...>', 'envelopes')
    .description('read them again; or take in as reports what was set aside')
    .action((ids: string[]) => takeIn(ids))
}

async function list({ state, limit }: Asked): Promise<void> {
  await withApp(async ({ ports }) => {
    const { items } = await listNotTaken(ports, COMMAND_LINE, { state, limit: Number(limit) })
    console.table(
      items.map(({ id, sourceId, receivedAt, state: how, reason }) => ({
        id,
        source: sourceId,
        received: receivedAt.toISOString(),
        state: how,
        why: ports.translate('en', `aside:${reason}`, { defaultValue: reason ?? '-' }),
      })),
    )
  })
}

async function takeIn(ids: readonly string[]): Promise<void> {
  await withApp(async ({ ports }) => {
    for (const id of ids) {
      const refused = await takeInAgain(ports, COMMAND_LINE, id)
      if (refused === 'missing') complain(`${id}: no such envelope`)
      else if (isFault(refused)) complain(`${id}: ${refused.message}`)
      else console.log(`${id}: taken in`)
    }
  })
}
