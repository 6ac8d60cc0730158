import { parseArgs } from 'node:util'
import { Behaviour } from './behaviour.ts'
import { openOffice } from './office.ts'

const text = { type: 'string' } as const
const { values } = parseArgs({
  options: {
    port: text,
    store: text,
    'url-of-hub': text,
    link: text,
    secret: text,
    'callback-secret': text,
    behaviour: text,
  },
})

function needed(name: Exclude<keyof typeof values, 'port' | 'behaviour'>): string {
  const value = values[name]
  if (value === undefined) throw new Error(`--${name} is missing`)
  return value
}

const office = await openOffice({
  port: Number(values.port ?? 0),
  store: needed('store'),
  secret: needed('secret'),
  hub: { url: needed('url-of-hub'), link: needed('link'), callbackSecret: needed('callback-secret') },
  behaviour: Behaviour.parse(JSON.parse(values.behaviour ?? '{}')),
})
process.once('SIGTERM', () => void office.close().then(() => process.exit(0)))
process.stdout.write(`${JSON.stringify({ port: office.port })}\n`)
