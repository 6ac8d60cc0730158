import { Command } from 'commander'
import { backupCommand } from './cli/backup.ts'
import { calendarCommand } from './cli/calendar.ts'
import { configCommand } from './cli/config.ts'
import { deliveriesCommand } from './cli/deliveries.ts'
import { doctorCommand } from './cli/doctor.ts'
import { eraseCommand } from './cli/erase.ts'
import { officeCommand } from './cli/office.ts'
import { quarantineCommand } from './cli/quarantine.ts'
import { restoreCommand } from './cli/restore.ts'
import { sourcesCommand } from './cli/sources.ts'
import { startCommand } from './cli/start.ts'
import { tokenCommand } from './cli/token.ts'
import { unitsCommand } from './cli/units.ts'
import { userCommand } from './cli/user.ts'

const program = new Command('paht')
  .description('PAHT Hub: intake gateway and connector hub for citizens’ field reports')
  .showHelpAfterError()
for (const add of [
  startCommand,
  userCommand,
  tokenCommand,
  configCommand,
  sourcesCommand,
  quarantineCommand,
  deliveriesCommand,
  unitsCommand,
  calendarCommand,
  doctorCommand,
  backupCommand,
  restoreCommand,
  eraseCommand,
  officeCommand,
])
  add(program)
await program.parseAsync()
