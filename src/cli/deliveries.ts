import { type Command, Option } from 'commander'
import { type DeliverySeen, listDeliveries } from '../core/delivery/list.ts'
import { replayDelivery } from '../core/delivery/replay.ts'
import { isFault } from '../core/fault.ts'
import { COMMAND_LINE } from '../core/people/officer.ts'
import { DELIVERY_STATES, type DeliveryState } from '../core/words.ts'
import { complain, withApp } from './with-app.ts'

interface Asked {
  readonly state?: DeliveryState
  readonly link?: string
  readonly limit: string
}

export function deliveriesCommand(program: Command): void {
  const deliveries = program
    .command('deliveries')
    .description('what is to be told to offices, newest first')
    .addOption(new Option('--state <state>', 'only those in this state').choices(DELIVERY_STATES))
    .option('--link <id>', 'only those of this link')
    .option('--limit <n>', 'how many', '50')
    .action((asked: Asked) => list(asked))
  deliveries
    .command('replay')
    .argument('[id...]', 'deliveries; with --state, all in that state')
    .addOption(
      new Option('--state <state>', 'send again all in this state').choices(['exhausted', 'failed', 'rejected']),
    )
    .description('send again now, under the same key; safe at any time')
    .action((ids: string[], _options: unknown, command: Command) =>
      replay(ids, command.optsWithGlobals<{ state?: DeliveryState }>().state),
    )
}

async function list({ state, link, limit }: Asked): Promise<void> {
  await withApp(async ({ ports }) => {
    const { items } = await listDeliveries(ports, COMMAND_LINE, { state, link, limit: Number(limit) })
    console.table(items.map(line))
  })
}

function line(d: DeliverySeen) {
  return {
    id: d.id,
    kind: d.kind,
    agency: d.agencyId,
    link: d.linkId ?? '-',
    state: d.state,
    attempts: d.attempts,
    next: d.nextAttemptAt?.toISOString() ?? '-',
    fault: d.lastFault === null ? '-' : `${d.lastFault}: ${d.lastMessage}`,
  }
}

async function replay(ids: readonly string[], state: DeliveryState | undefined): Promise<void> {
  await withApp(async ({ ports }) => {
    const all =
      state === undefined
        ? ids
        : (await listDeliveries(ports, COMMAND_LINE, { state, limit: 10_000 })).items.map((d) => d.id)
    if (all.length === 0) return complain('Nothing to send again: give ids, or --state.')
    for (const id of all) {
      const refused = await replayDelivery(ports, COMMAND_LINE, id)
      if (refused === 'missing') complain(`${id}: no such delivery`)
      else if (isFault(refused)) complain(`${id}: ${refused.message}`)
      else console.log(`${id}: goes out again`)
    }
  })
}
