import { parseArgs } from 'node:util'
import { Behaviour } from './behaviour.ts'
import { openZalo } from './zalo.ts'

const text = { type: 'string' } as const
const { values } = parseArgs({
  options: {
    port: text,
    'oa-id': text,
    'app-id': text,
    'secret-key': text,
    'app-secret': text,
    'refresh-token': text,
    behaviour: text,
  },
})

function needed(name: Exclude<keyof typeof values, 'port' | 'behaviour'>): string {
  const value = values[name]
  if (value === undefined) throw new Error(`--${name} is missing`)
  return value
}

const zalo = await openZalo({
  port: Number(values.port ?? 0),
  oaId: needed('oa-id'),
  appId: needed('app-id'),
  secretKey: needed('secret-key'),
  appSecret: needed('app-secret'),
  refreshToken: needed('refresh-token'),
  behaviour: Behaviour.parse(JSON.parse(values.behaviour ?? '{}')),
})
process.once('SIGTERM', () => void zalo.close().then(() => process.exit(0)))
process.stdout.write(`${JSON.stringify({ port: zalo.port })}\n`)
