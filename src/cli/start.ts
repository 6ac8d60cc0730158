import type { Command } from 'commander'
import { openApp } from '../app.ts'
import { readConfig } from '../config.ts'
import { isRefused } from '../platform/database/embedded/refused.ts'
import { run } from '../run.ts'
import { complain } from './with-app.ts'

export function startCommand(program: Command): void {
  program
    .command('start')
    .description('run the product: its database where none is configured, web, workers')
    .action(start)
}

async function start(): Promise<void> {
  const config = readConfig(process.env)
  if ('problems' in config) return complain(config.problems.join('\n'))
  const app = await openApp(config, { besideRunning: false })
  if (isRefused(app)) return complain(app.refused)
  const running = await run(app).catch(async (error: unknown) => {
    await app.close()
    if ((error as { code?: unknown }).code !== 'EADDRINUSE') throw error
    return undefined
  })
  if (running === undefined) return complain(`Port ${config.port} is taken by another program. Stop it, or set PORT.`)
  stopOnSignal(running.stop)
  if (running.port !== undefined) console.log(welcome(app.ports.publicUrl, running.port, running.token))
}

function welcome(publicUrl: string, port: number, token: string | undefined): string {
  return [
    `PAHT Hub serves on port ${port}: ${publicUrl}`,
    `  API and its documentation   ${publicUrl}/docs`,
    `  Health                      ${publicUrl}/readyz`,
    ...(token === undefined ? [] : ['  Staff token, shown this once, as "Authorization: Bearer …":', `    ${token}`]),
  ].join('\n')
}

/** The first signal lets running work finish; a second one ends at once. */
function stopOnSignal(stop: () => Promise<void>): void {
  let stopping = false
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(1)
      stopping = true
      stop().then(
        () => process.exit(0),
        (error: unknown) => {
          console.error(error)
          process.exit(1)
        },
      )
    })
  }
}
