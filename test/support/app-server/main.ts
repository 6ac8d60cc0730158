import { parseArgs } from 'node:util'
import { openAppServer } from './app-server.ts'

const { values } = parseArgs({ options: { port: { type: 'string' }, secret: { type: 'string' } } })
if (values.secret === undefined) throw new Error('--secret is missing')

const server = await openAppServer({ port: Number(values.port ?? 0), secret: values.secret })
process.once('SIGTERM', () => void server.close().then(() => process.exit(0)))
process.stdout.write(`${JSON.stringify({ port: server.port })}\n`)
