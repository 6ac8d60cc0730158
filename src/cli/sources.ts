import type { Command } from 'commander'
import { isFault } from '../core/fault.ts'
import { checkSource } from '../core/intake/check-source.ts'
import { listSources } from '../core/intake/list-sources.ts'
import { previewSource } from '../core/intake/preview.ts'
import { COMMAND_LINE } from '../core/people/officer.ts'
import { complain, withApp } from './with-app.ts'

export function sourcesCommand(program: Command): void {
  const sources = program.command('sources').description('where reports come from, and how each source is').action(list)
  sources
    .command('check')
    .argument('<id>', 'a source, on or off')
    .description(
      'prove its addresses and secrets, as far as its channel can; of an app: a signed message about nothing',
    )
    .action(check)
  sources
    .command('preview')
    .argument('<id>', 'a source that keeps a connection open, on or off')
    .option('--newest <n>', 'of how many it says what they would become', '50')
    .description('before it is switched on: what waits there and what would become of it; changes nothing')
    .action((id: string, { newest }: { readonly newest: string }) => preview(id, Number(newest)))
}

async function list(): Promise<void> {
  await withApp(async ({ ports }) => {
    const short = (at: Date | null) => at?.toISOString() ?? '-'
    console.table(
      (await listSources(ports, COMMAND_LINE)).map((source) => ({
        id: source.id,
        kind: source.kind,
        state: source.state,
        listening: source.listening,
        'caught up': short(source.caughtUpAt),
        'last received': short(source.lastReceivedAt),
        reconciled: short(source.reconciledAt),
        backlog: source.backlog,
        'bad signatures': source.badSignatures,
        refused: source.lastRefusal ?? '-',
        fault: source.lastFault ?? '-',
      })),
    )
  })
}

async function check(id: string): Promise<void> {
  await withApp(async ({ ports }) => {
    const found = await checkSource(ports, COMMAND_LINE, id)
    if (found === 'missing') return complain(`${id}: no such source`)
    if (isFault(found)) return complain(`${id}: ${found.fault}: ${found.message}`)
    console.log(`${id}: ${found.note}`)
  })
}

async function preview(id: string, newest: number): Promise<void> {
  await withApp(async ({ ports }) => {
    const seen = await previewSource(ports, COMMAND_LINE, id, newest)
    if (seen === 'missing') return complain(`${id}: no such source; apply it with state: off first`)
    if (isFault(seen)) return complain(`${id}: ${seen.message}`)
    console.log(
      `Folders: ${seen.places.map(({ place, use }) => (use === undefined ? place : `${place} (${use})`)).join(', ')}`,
    )
    for (const { place, count } of seen.waiting) console.log(`${place}: ${count} since ${seen.since} would be taken in`)
    console.table(
      seen.newest.map(({ place, receivedAt, becomes, reason, title, files }) => ({
        place,
        received: receivedAt.toISOString(),
        becomes:
          reason === null
            ? becomes
            : `${becomes}: ${ports.translate('en', `aside:${reason}`, { defaultValue: reason })}`,
        title: title?.slice(0, 60) ?? '-',
        files,
      })),
    )
  })
}
