import { parseArgs } from 'node:util'
import { Behaviour } from './behaviour.ts'
import { openExchange } from './exchange.ts'

const text = { type: 'string' } as const
const { values } = parseArgs({
  options: {
    port: text,
    store: text,
    organ: text,
    'system-id': text,
    secret: text,
    offices: text,
    behaviour: text,
  },
})

function needed(name: Exclude<keyof typeof values, 'port' | 'behaviour'>): string {
  const value = values[name]
  if (value === undefined) throw new Error(`--${name} is missing`)
  return value
}

/** `H18.98.03=UBND xã Mường Nhé,H18.98.04`: a name where there is one. */
function officesIn(list: string): ReadonlyMap<string, string> | '*' {
  if (list === '*') return list
  return new Map(
    list.split(',').map((one) => {
      const [id = '', name = `Cơ quan ${id}`] = one.trim().split('=')
      return [id, name]
    }),
  )
}

const exchange = await openExchange({
  port: Number(values.port ?? 0),
  store: needed('store'),
  organ: needed('organ'),
  systemId: needed('system-id'),
  secret: needed('secret'),
  offices: officesIn(needed('offices')),
  behaviour: Behaviour.parse(JSON.parse(values.behaviour ?? '{}')),
})
process.once('SIGTERM', () => void exchange.close().then(() => process.exit(0)))
process.stdout.write(`${JSON.stringify({ port: exchange.port })}\n`)
