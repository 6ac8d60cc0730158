import { Command } from 'commander'
import { backupCommand } from './cli/backup.ts'
import { configCommand } from './cli/config.ts'
import { deliveriesCommand } from './cli/deliveries.ts'
import { doctorCommand } from './cli/doctor.ts'
import { eraseCommand } from './cli/erase.ts'
import { restoreCommand } from './cli/restore.ts'
import { startCommand } from './cli/start.ts'
import { unitsCommand } from './cli/units.ts'

const program = new Command('paht')
  .description('PAHT Hub: intake gateway and connector hub for citizens’ field reports')
  .showHelpAfterError()
for (const add of [
  startCommand,
  configCommand,
  deliveriesCommand,
  unitsCommand,
  doctorCommand,
  backupCommand,
  restoreCommand,
  eraseCommand,
])
  add(program)
await program.parseAsync()
