import { type Command, Option } from 'commander'
import { isFault } from '../core/fault.ts'
import { COMMAND_LINE } from '../core/people/officer.ts'
import { foldLogin } from '../core/people/tries.ts'
import * as people from '../core/people/users.ts'
import { ROLES, type Role } from '../core/words.ts'
import { complain, withApp } from './with-app.ts'

interface Granted {
  readonly role: readonly Role[]
  readonly agency?: readonly string[]
}

export const roleOption = () => new Option('--role <role...>', 'what they may do').choices(ROLES).makeOptionMandatory()
export const agencyOption = () =>
  new Option('--agency <id...>', 'for which agencies the roles agency and leader hold; "all" for every one')

export const grantedBy = ({ role, agency = [] }: Granted): people.Granted => ({
  roles: role,
  agencies: agency.includes('all') ? 'all' : agency,
})

export function userCommand(program: Command): void {
  const user = program.command('user').description('officers and their accounts').action(list)
  user.command('list').description('by login').action(list)
  user
    .command('add')
    .argument('<login>')
    .requiredOption('--name <name>', 'as colleagues know them')
    .option('--phone <number>', 'where they are reached on duty')
    .option('--email <address>')
    .addOption(roleOption())
    .addOption(agencyOption())
    .description('an account for one person; prints a temporary password, to be changed at the first sign-in')
    .action(add)
  user
    .command('role')
    .argument('<login>')
    .addOption(roleOption())
    .addOption(agencyOption())
    .description('other roles in place of those before')
    .action((login: string, granted: Granted) =>
      change(login, (ports, id) => people.setRoles(ports, COMMAND_LINE, id, grantedBy(granted))),
    )
  user
    .command('unlock')
    .argument('<login>')
    .description('before the lock after wrong passwords is over')
    .action((login: string) => change(login, (ports, id) => people.unlockUser(ports, COMMAND_LINE, id)))
  user
    .command('reset')
    .argument('<login>')
    .description('a temporary password and no second factor, for who has lost one or the other')
    .action(reset)
  user
    .command('disable')
    .argument('<login>')
    .requiredOption('--why <reason>', 'goes into the history')
    .description('they sign in no more, and every session of theirs ends')
    .action((login: string, { why }: { readonly why: string }) =>
      change(login, (ports, id) => people.disableUser(ports, COMMAND_LINE, id, why)),
    )
  user
    .command('enable')
    .argument('<login>')
    .description('they may sign in again')
    .action((login: string) => change(login, (ports, id) => people.enableUser(ports, COMMAND_LINE, id)))
}

type Ports = Parameters<typeof people.unlockUser>[0]

async function list(): Promise<void> {
  await withApp(async ({ ports }) => {
    console.table(
      (await people.listUsers(ports, COMMAND_LINE)).map((user) => ({
        login: user.login,
        name: user.name,
        state: user.lockedUntil === null ? user.state : `${user.state}, locked until ${user.lockedUntil.toISOString()}`,
        roles: user.roles.join(' '),
        agencies: user.agencies === 'all' ? 'all' : user.agencies.join(' '),
        'second factor': user.secondFactor,
        'last seen': user.lastSeenAt?.toISOString() ?? '-',
      })),
    )
  })
}

async function add(
  login: string,
  { name, phone, email, ...granted }: Granted & { name: string; phone?: string; email?: string },
): Promise<void> {
  await withApp(async ({ ports }) => {
    const added = await people.addUser(ports, COMMAND_LINE, {
      ...{ login, name, contacts: { phone, email } },
      ...grantedBy(granted),
    })
    if (isFault(added)) return complain(added.message)
    console.log(`Temporary password, shown this once:\n  ${added.password}`)
  })
}

async function reset(login: string): Promise<void> {
  await change(login, async (ports, id) => {
    const done = await people.resetUser(ports, COMMAND_LINE, id)
    if (done === 'missing' || isFault(done)) return done
    console.log(`Temporary password, shown this once:\n  ${done.password}`)
    return undefined
  })
}

async function change(
  login: string,
  apply: (ports: Ports, id: string) => ReturnType<typeof people.unlockUser>,
): Promise<void> {
  await withApp(async ({ ports }) => {
    const user = (await people.listUsers(ports, COMMAND_LINE)).find((each) => each.login === foldLogin(login))
    const refused = user === undefined ? 'missing' : await apply(ports, user.id)
    if (refused === 'missing') return complain(`${login}: no such user`)
    if (isFault(refused)) return complain(`${login}: ${refused.message}`)
    console.log(`${login}: done`)
  })
}
