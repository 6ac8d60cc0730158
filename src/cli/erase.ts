import type { Command } from 'commander'
import { eraseReporter } from '../core/reading/erase.ts'
import { parseCode } from '../normalize/code.ts'
import { complain, withApp } from './with-app.ts'

export function eraseCommand(program: Command): void {
  program
    .command('erase')
    .argument('<code>', 'code of a report, DB-26-7K3M-9QXT')
    .requiredOption('--why <reason>', 'on whose request or by which rule; goes into the history')
    .description('destroy the key of everything that says who sent a report; the masked text and the case stay')
    .action(erase)
}

async function erase(given: string, { why }: { readonly why: string }): Promise<void> {
  const code = parseCode(given)
  if (code === undefined) return complain(`${given} is not a code.`)
  await withApp(async ({ ports }) => {
    const missing = await eraseReporter(ports, 'command-line', { code, why })
    if (missing) complain(`There is no report ${code}.`)
    else console.log(`Erased who sent ${code}.`)
  })
}
