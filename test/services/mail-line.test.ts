import { once } from 'node:events'
import { createConnection, createServer } from 'node:net'
import { setTimeout as later } from 'node:timers/promises'
import { ImapFlow } from 'imapflow'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { MailMessage, MailServer, MailWatch } from '../../src/platform/mail/mail.ts'
import { makeMail } from '../../src/platform/mail/make-mail.ts'
import { type MailWorld, openMailWorld } from '../support/mail/world.ts'
import { until } from '../support/until.ts'

const mail = makeMail()
let world: MailWorld
const closing: (() => unknown)[] = []
beforeEach(async () => {
  world = await openMailWorld()
})
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
  await world.close()
})

const text = (n: number, bytes = 0) =>
  `Message-ID: <${n}@example.vn>\r\nSubject: Mail ${n}\r\n\r\n${`${'x'.repeat(70)}\r\n`.repeat(Math.ceil(bytes / 72))}`
const numbers = (messages: readonly MailMessage[]) =>
  messages.map(({ source }) => Number(/Message-ID: <(\d+)@/.exec(source.toString())![1]))
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1)

function server(port = world.imap.port): MailServer {
  return { host: '127.0.0.1', port, security: 'none', user: world.imap.user, password: world.imap.password }
}

function watch(more: Partial<MailWatch> = {}) {
  const abort = new AbortController()
  const taken: MailMessage[] = []
  const cursors = new Map(more.cursors)
  let caughtUp = false
  const ended = mail.watch({
    ...{ server: server(), folders: ['INBOX'], since: new Date(0), maxBytes: 1024 * 1024 },
    ...{ pollSeconds: 0, watchdogSeconds: 60, signal: abort.signal },
    caughtUp: () => {
      caughtUp = true
    },
    ...more,
    cursors,
    take: async (messages) => {
      await more.take?.(messages)
      taken.push(...messages)
      for (const { folder, cursor } of messages) cursors.set(folder, cursor)
    },
  })
  const stop = async () => {
    abort.abort()
    await ended
  }
  closing.push(stop)
  return { taken, cursors, ended, stop, caughtUp: () => caughtUp || undefined }
}

it('a taker that is slower than the watchdog does not cost the connection', async () => {
  for (const n of upTo(3)) await world.deliver(text(n))
  const { ended, taken } = watch({ watchdogSeconds: 3, take: () => later(8000) })
  const first = await Promise.race([ended, until('taken', () => taken.length === 3 || undefined)])
  expect(first).toBe(true)
  await world.deliver(text(4))
  await until('the next, over the same connection', () => taken.length === 4 || undefined)
})

it('a line that breaks after every 2 MB still gets ahead', async () => {
  for (const n of upTo(20)) await world.deliver(text(n, 300_000))
  const port = await breakingLine(2_000_000)
  const all: number[] = []
  let cursors: MailWatch['cursors'] = new Map()
  for (let tries = 0; tries < 10 && all.length < 20; tries++) {
    const watching = watch({ server: server(port), cursors })
    await Promise.race([watching.ended, until('caught up', watching.caughtUp)])
    await watching.stop()
    all.push(...numbers(watching.taken))
    cursors = watching.cursors
  }
  expect(all).toEqual(upTo(20))
})

it('while another program marks mails as read, each is taken once and with its date', async () => {
  for (const n of upTo(1500)) await world.deliver(text(n))
  const other = new ImapFlow({
    ...{ host: '127.0.0.1', port: world.imap.port, secure: false, logger: false },
    auth: { user: world.imap.user, pass: world.imap.password },
  })
  await other.connect()
  closing.push(() => other.close())
  await other.mailboxOpen('INBOX')
  const { taken, caughtUp } = watch()
  while (!caughtUp()) {
    await other.messageFlagsAdd('1:*', ['\\Seen'])
    await other.messageFlagsRemove('1:*', ['\\Seen'])
  }
  expect(numbers(taken)).toEqual(upTo(1500))
  expect(taken.filter(({ receivedAt }) => receivedAt.getUTCFullYear() < 2000)).toEqual([])
})

it('mail that comes during the first look, and into a second folder, is taken', async () => {
  for (const n of upTo(300)) await world.deliver(text(n))
  const { taken } = watch({ folders: ['INBOX', 'Junk'], pollSeconds: 1 })
  for (const n of upTo(100)) {
    await world.deliver(text(300 + n))
    if (n % 10 === 0) await later(10)
  }
  await until('400 are taken', () => taken.length === 400 || undefined)
  await world.deliver(text(401), 'Junk')
  await until('the one in Junk', () => taken.length === 401 || undefined)
  expect(numbers(taken)).toEqual(upTo(401))
  expect(taken.at(-1)?.folder).toBe('Junk')
})

/** Lets so many bytes of the server through for each connection, then cuts it. */
async function breakingLine(bytes: number): Promise<number> {
  const line = createServer((client) => {
    const behind = createConnection(world.imap.port, '127.0.0.1')
    let passed = 0
    for (const socket of [client, behind]) socket.on('error', () => undefined) // `close` follows
    client.pipe(behind)
    behind.on('data', (chunk) => {
      passed += chunk.length
      if (passed > bytes) client.destroy()
      else client.write(chunk)
    })
    client.on('close', () => behind.destroy())
    behind.on('close', () => client.destroy())
  }).listen(0, '127.0.0.1')
  await once(line, 'listening')
  closing.push(() => line.close())
  return (line.address() as { port: number }).port
}
