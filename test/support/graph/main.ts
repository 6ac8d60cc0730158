import { parseArgs } from 'node:util'
import { Behaviour } from './behaviour.ts'
import { openGraph } from './graph.ts'

const text = { type: 'string' } as const
const { values } = parseArgs({
  options: { port: text, page: text, token: text, 'app-secret': text, 'hook-url': text, behaviour: text },
})

function needed(name: 'page' | 'token' | 'app-secret'): string {
  const value = values[name]
  if (value === undefined) throw new Error(`--${name} is missing`)
  return value
}

const url = values['hook-url']
const graph = await openGraph({
  port: Number(values.port ?? 0),
  pageId: needed('page'),
  pageToken: needed('token'),
  ...(url !== undefined && { hook: { url, appSecret: needed('app-secret') } }),
  behaviour: Behaviour.parse(JSON.parse(values.behaviour ?? '{}')),
})
process.once('SIGTERM', () => void graph.close().then(() => process.exit(0)))
process.stdout.write(`${JSON.stringify({ port: graph.port })}\n`)
