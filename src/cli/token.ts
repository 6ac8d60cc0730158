import type { Command } from 'commander'
import { isFault } from '../core/fault.ts'
import { COMMAND_LINE } from '../core/people/officer.ts'
import { endToken, listTokens, makeToken } from '../core/people/tokens.ts'
import { agencyOption, grantedBy, roleOption } from './user.ts'
import { complain, withApp } from './with-app.ts'

const DAY = 86_400_000

export function tokenCommand(program: Command): void {
  const token = program.command('token').description('what programs sign in with').action(list)
  token.command('list').description('oldest first; never a token itself').action(list)
  token
    .command('add')
    .argument('<name>', 'which program it is for')
    .addOption(roleOption())
    .addOption(agencyOption())
    .option('--days <n>', 'after which it ends by itself', '365')
    .description('print a token, this once')
    .action(add)
  token.command('end').argument('<id>').description('from now on it is nobody’s').action(end)
}

async function list(): Promise<void> {
  await withApp(async ({ ports }) => {
    const short = (at: Date | null) => at?.toISOString() ?? '-'
    console.table(
      (await listTokens(ports, COMMAND_LINE)).map(({ id, name, roles, agencies, expiresAt, endedAt, lastUsedAt }) => ({
        ...{ id, name, roles: roles.join(' '), agencies: agencies.join(' ') },
        ...{ expires: short(expiresAt), ended: short(endedAt), 'last used': short(lastUsedAt) },
      })),
    )
  })
}

type Asked = Parameters<typeof grantedBy>[0] & { readonly days: string }

async function add(name: string, { days, ...granted }: Asked): Promise<void> {
  if (!(Number(days) > 0)) return complain(`${days} is no number of days.`)
  await withApp(async ({ ports }) => {
    const expiresAt = new Date(ports.clock.now().getTime() + Number(days) * DAY)
    const { id, token } = await makeToken(ports, COMMAND_LINE, { name, ...grantedBy(granted), expiresAt })
    console.log(`${id}, shown this once, as "Authorization: Bearer …":\n  ${token}`)
  })
}

async function end(id: string): Promise<void> {
  await withApp(async ({ ports }) => {
    const refused = await endToken(ports, COMMAND_LINE, id)
    if (refused === 'missing') return complain(`${id}: no such token`)
    if (isFault(refused)) return complain(`${id}: ${refused.message}`)
    console.log(`${id}: ended`)
  })
}
