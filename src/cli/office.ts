import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import { shipped } from '../app.ts'
import { complain } from './with-app.ts'

const STAND_IN = shipped('test', 'support', 'exchange', 'main.ts')

/** The stand-in for a province's exchange with an office behind it comes with the tests, so it is there in a checkout alone. */
export function officeCommand(program: Command): void {
  program
    .command('office')
    .description('start a stand-in for the document exchange and an office behind it (from a checkout)')
    .allowUnknownOption()
    .helpOption(false)
    .argument('[options...]', 'passed on; test/support/exchange/README.md names them')
    .action((options: string[]) => {
      if (!existsSync(STAND_IN)) return complain('The stand-in office comes with a checkout, not with an installation.')
      const child = spawn(process.execPath, ['--import', 'tsx', STAND_IN, ...options], { stdio: 'inherit' })
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
      child.on('close', (code) => {
        process.exitCode = code ?? 1
      })
      return undefined
    })
}
