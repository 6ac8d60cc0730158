import { parseArgs } from 'node:util'
import { Behaviour } from './behaviour.ts'
import { openTwilio } from './twilio.ts'

const text = { type: 'string' } as const
const { values } = parseArgs({
  options: { port: text, 'account-sid': text, 'auth-token': text, number: text, service: text, behaviour: text },
})

function needed(name: Exclude<keyof typeof values, 'port' | 'behaviour'>): string {
  const value = values[name]
  if (value === undefined) throw new Error(`--${name} is missing`)
  return value
}

const twilio = await openTwilio({
  port: Number(values.port ?? 0),
  accountSid: needed('account-sid'),
  authToken: needed('auth-token'),
  number: needed('number'),
  service: needed('service'),
  behaviour: Behaviour.parse(JSON.parse(values.behaviour ?? '{}')),
})
process.once('SIGTERM', () => void twilio.close().then(() => process.exit(0)))
process.stdout.write(`${JSON.stringify({ port: twilio.port })}\n`)
