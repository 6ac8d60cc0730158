import type { Command } from 'commander'
import { openApp, shipped } from '../app.ts'
import { type Config, readConfig } from '../config.ts'
import { examine, unreachable } from '../core/doctor/examine.ts'
import { error, type Finding } from '../core/doctor/finding.ts'
import { isOutage } from '../platform/database/database.ts'
import { isRefused } from '../platform/database/embedded/refused.ts'
import { complain } from './with-app.ts'

interface Asked {
  readonly json?: true
  readonly files?: true
}

export function doctorCommand(program: Command): void {
  program
    .command('doctor')
    .option('--json', 'for a program to read')
    .option('--files', 'look at every file, not at some')
    .description('say what is wrong and how to mend it; ends with 1 when something is')
    .action(run)
}

async function run({ json, files }: Asked): Promise<void> {
  const config = readConfig({ LOG_LEVEL: 'silent', ...process.env })
  if ('problems' in config) return complain(config.problems.join('\n'))
  const findings = await look(config, files === true)
  console.log(json ? JSON.stringify(findings, undefined, 2) : readable(findings))
  if (findings.some(({ level }) => level === 'error')) process.exitCode = 1
}

/** A product that cannot be opened is a finding too. */
async function look(config: Config, allFiles: boolean): Promise<Finding[]> {
  const opened = await openApp(config, { besideRunning: true }).catch((cause: unknown) => {
    if (isOutage(cause)) return unreachable(cause)
    throw cause
  })
  if ('level' in opened) return [opened]
  if (isRefused(opened)) return [error('The product cannot be opened.', opened.refused)]
  try {
    return await examine({ ports: opened.ports, dataDir: config.dataDir, migrations: shipped('drizzle'), allFiles })
  } finally {
    await opened.close()
  }
}

const SIGN = { ok: 'ok     ', warning: 'WARNING', error: 'ERROR  ' } as const

function readable(findings: readonly Finding[]): string {
  const lines = findings.map(
    ({ level, what, mend }) => `${SIGN[level]}  ${what}${mend === '' ? '' : `\n         → ${mend}`}`,
  )
  const count = (level: Finding['level']) => findings.filter((finding) => finding.level === level).length
  return [...lines, '', `${count('error')} errors, ${count('warning')} warnings.`].join('\n')
}
