import { type App, openApp } from '../app.ts'
import { readConfig } from '../config.ts'
import { isRefused } from '../platform/database/embedded/refused.ts'

/** Says a sentence to whoever typed the command, and ends with 1. */
export function complain(sentence: string): void {
  console.error(sentence)
  process.exitCode = 1
}

/** Opens the product for one command, beside a running one where there is one. Only what goes wrong is logged: standard output is the command's answer. */
export async function withApp(work: (app: App) => Promise<void>): Promise<void> {
  const config = readConfig({ LOG_LEVEL: 'silent', ...process.env })
  if ('problems' in config) return complain(config.problems.join('\n'))
  const app = await openApp(config, { besideRunning: true })
  if (isRefused(app)) return complain(app.refused)
  try {
    await work(app)
  } finally {
    await app.close()
  }
}
