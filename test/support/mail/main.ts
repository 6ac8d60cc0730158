import { parseArgs } from 'node:util'
import { Behaviour } from './behaviour.ts'
import { openControl } from './control.ts'
import { openHoodiecrow } from './hoodiecrow.ts'
import { type Owner, openMaildir } from './maildir.ts'
import { openSmtp } from './smtp.ts'

const text = { type: 'string' } as const
const { values } = parseArgs({
  options: { address: text, user: text, password: text, ledger: text, maildir: text, owner: text },
})

function needed(name: Exclude<keyof typeof values, 'maildir' | 'owner'>): string {
  const value = values[name]
  if (value === undefined) throw new Error(`--${name} is missing`)
  return value
}

function ownerIn(given: string | undefined): Owner | undefined {
  const [uid, gid] = given?.split(':').map(Number) ?? []
  return uid === undefined || gid === undefined ? undefined : { uid, gid }
}

const account = { user: needed('user'), password: needed('password') }
const imap = values.maildir === undefined ? await openHoodiecrow(account) : undefined
const mailbox = imap?.mailbox ?? openMaildir(values.maildir ?? '', ownerIn(values.owner))
const behaviour = Behaviour.parse({})
const ledger = needed('ledger')
const smtp = await openSmtp({ address: needed('address'), account, mailbox, ledger, behaviour })
const control = await openControl({ smtp, behaviour, ledger, mailbox, imap })
process.stdout.write(`${JSON.stringify({ smtp: smtp.port, control, imap: imap?.port ?? 0 })}\n`)

// Whoever started us holds the other end: however it ends, we do.
process.stdin.once('close', () => process.exit(0)).resume()
