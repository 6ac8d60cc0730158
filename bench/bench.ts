import { clocks } from './clocks.ts'
import { intake } from './intake.ts'
import { mail } from './mail.ts'
import { normalize } from './normalize.ts'
import { printTable, type Result } from './result.ts'
import { tasks } from './tasks.ts'
import { webhooks } from './webhooks.ts'

/** `npm run bench -- NAME [--full] [--json]`: a table, and with --json the figures as the last line. */
const BENCHES: Readonly<Record<string, (full: boolean) => Promise<Result>>> = {
  clocks,
  intake,
  mail,
  normalize,
  tasks,
  webhooks,
}

const [name = '', ...flags] = process.argv.slice(2)
const bench = BENCHES[name]
if (bench === undefined) {
  console.error(`npm run bench -- ${Object.keys(BENCHES).join(' | ')} [--full] [--json]`)
  process.exitCode = 1
} else {
  const result = await bench(flags.includes('--full'))
  printTable(result)
  if (flags.includes('--json'))
    console.log(JSON.stringify({ bench: name, ratios: result.ratios, figures: result.figures }))
}
