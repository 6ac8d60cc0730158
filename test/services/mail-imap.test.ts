import { ImapFlow } from 'imapflow'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isFault } from '../../src/core/fault.ts'
import type { MailCursor, MailMessage, MailServer, MailWatch } from '../../src/platform/mail/mail.ts'
import { makeMail } from '../../src/platform/mail/make-mail.ts'
import { type Proxy as Line, startProxy } from '../support/mail/proxy.ts'
import { type MailWorld, openMailWorld } from '../support/mail/world.ts'
import { until } from '../support/until.ts'

const mail = makeMail()
let world: MailWorld
let proxy: Line
let watches: Watching[] = []
beforeEach(async () => {
  world = await openMailWorld()
  proxy = await startProxy(world.imap)
})
afterEach(async () => {
  await Promise.all(watches.map((each) => each.stop()))
  watches = []
  await proxy.close()
  await world.close()
})

interface Watching {
  readonly taken: MailMessage[]
  readonly cursors: Map<string, MailCursor>
  readonly caughtUp: () => boolean
  readonly ended: ReturnType<typeof mail.watch>
  stop(): Promise<unknown>
}

const server = (more: Partial<MailServer> = {}): MailServer => ({
  ...{ host: '127.0.0.1', port: proxy.port, security: 'none' },
  ...{ user: world.imap.user, password: world.imap.password },
  ...more,
})

/** IDLE alone unless said otherwise: what comes in time was told, not found. */
function watch(more: Partial<MailWatch> = {}): Watching {
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
  const stop = () => {
    abort.abort()
    return ended.catch(() => undefined)
  }
  const watching = { taken, cursors, caughtUp: () => caughtUp, ended, stop }
  watches.push(watching)
  return watching
}

const takenOf = async (count: number, more: Partial<MailWatch> = {}) => {
  const watching = watch(more)
  await have(watching, count)
  return watching
}

const text = (n: number, more = '') =>
  `From: nguoi${n}@example.vn\r\nTo: phananh@dienbien.example\r\nMessage-ID: <${n}@example.vn>\r\nSubject: Mail ${n}\r\n\r\nSo ${n} ${more}\r\n`
const numbers = (messages: readonly MailMessage[]) =>
  messages.map(({ source }) => Number(/Message-ID: <(\d+)@/.exec(source.toString())![1]))
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1)
const have = ({ taken }: Watching, count: number) =>
  until(`${count} are taken`, () => taken.length >= count || undefined)

describe('a mailbox that is watched', () => {
  it('hands over what waits, each once and in order, read or not; nothing is flagged or removed', async () => {
    for (const n of upTo(500)) await world.deliver(text(n))
    const watching = watch()
    await have(watching, 500)
    expect(numbers(watching.taken)).toEqual(upTo(500))
    await until('caught up', () => watching.caughtUp() || undefined)
    expect(await world.mailbox()).toMatchObject({ count: 500, seen: 0, deleted: 0 })
  })

  it('tells of new mail by IDLE, again and again', async () => {
    const watching = watch()
    await until('caught up', () => watching.caughtUp() || undefined)
    for (const n of upTo(5)) {
      await world.deliver(text(n))
      // The library by itself would be deaf for 15 s after each.
      await until(`mail ${n}`, () => watching.taken.length === n || undefined, { deadlineMs: 8000 })
    }
    expect(numbers(watching.taken)).toEqual(upTo(5))
  })

  it('is looked at by itself as well, where that is wanted', async () => {
    const watching = watch({ pollSeconds: 1 })
    await until('caught up', () => watching.caughtUp() || undefined)
    await world.deliver(text(1))
    await have(watching, 1)
  })

  it('begins after the cursor, and at a date where there is none', async () => {
    for (const n of upTo(3)) await world.deliver(text(n))
    const first = watch()
    await have(first, 3)
    await first.stop()
    const [, second] = first.taken
    const again = watch({ cursors: new Map([['INBOX', second!.cursor]]) })
    await have(again, 1)
    expect(numbers(again.taken)).toEqual([3])
    await again.stop()
  })

  it('leaves out what lay there before its date, and takes what comes', async () => {
    const client = new ImapFlow({
      ...{ host: world.imap.host, port: world.imap.port, secure: false, logger: false },
      auth: { user: world.imap.user, pass: world.imap.password },
    })
    await client.connect()
    await client.append('INBOX', text(1), [], new Date(Date.now() - 10 * 24 * 3600_000))
    await client.logout()
    const fresh = watch({ since: new Date(Date.now() - 60_000) })
    await until('caught up', () => fresh.caughtUp() || undefined)
    await world.deliver(text(2))
    await have(fresh, 1)
    expect(numbers(fresh.taken)).toEqual([2])
  })

  it('begins with the very second, although dates of mails know no parts of it', async () => {
    await world.deliver(text(1))
    const [first] = (await takenOf(1)).taken
    const second = Math.floor(first!.receivedAt.getTime() / 1000) * 1000
    expect(numbers((await takenOf(1, { since: new Date(second + 999) })).taken)).toEqual([1])
  })

  it('is gone through again where it counts anew', async () => {
    for (const n of upTo(3)) await world.deliver(text(n))
    const first = watch()
    await have(first, 3)
    await first.stop()
    await world.newUidValidity()
    const again = watch({ cursors: first.cursors })
    await have(again, 3)
    expect(again.taken[0]!.cursor.uidValidity).not.toBe(first.taken[0]!.cursor.uidValidity)
  })

  it('gives a mail that is too large without its bytes', async () => {
    await world.deliver(text(1, 'x'.repeat(5000)))
    await world.deliver(text(2))
    const watching = watch({ maxBytes: 2000 })
    await have(watching, 2)
    expect(watching.taken.map(({ tooLarge, source }) => [tooLarge, source.length > 0])).toEqual([
      [true, false],
      [false, true],
    ])
  })
})

describe('what ends a watch', () => {
  it('a line that is cut, a server that is killed: said, and gone on from the cursor', async () => {
    await world.deliver(text(1))
    const watching = watch()
    await have(watching, 1)
    proxy.drop()
    expect(await watching.ended).toMatchObject({ fault: 'unreachable' })
    await world.deliver(text(2))
    const again = watch({ cursors: watching.cursors })
    await have(again, 1)
    expect(numbers(again.taken)).toEqual([2])
  })

  it('a line that dies in silence, within the time of the watchdog', async () => {
    const watching = watch({ watchdogSeconds: 4 })
    await until('caught up', () => watching.caughtUp() || undefined)
    proxy.blackHole()
    expect(await watching.ended).toMatchObject({ fault: 'unreachable' })
  })

  it('a line that dies while 500 are fetched: none is lost, none handed over twice as committed', async () => {
    for (const n of upTo(500)) await world.deliver(text(n))
    let batches = 0
    const cut = async () => {
      if (++batches === 2) proxy.drop()
    }
    const first = watch({ take: cut })
    expect(await first.ended).toMatchObject({ fault: 'unreachable' })
    const again = watch({ cursors: first.cursors })
    await have(again, 500 - first.taken.length)
    expect(numbers([...first.taken, ...again.taken])).toEqual(upTo(500))
    expect(first.taken.length).toBeLessThan(500)
  })

  it('a taker that fails, with its own error', async () => {
    await world.deliver(text(1))
    const watching = watch({ take: () => Promise.reject(new Error('the database is away')) })
    await expect(watching.ended).rejects.toThrow('the database is away')
    expect(watching.taken).toEqual([])
  })

  it('being told to, also in the middle', async () => {
    for (const n of upTo(200)) await world.deliver(text(n))
    let stop: () => unknown = () => undefined
    const watching = watch({ take: async () => void stop() })
    stop = () => void watching.stop()
    expect(await watching.ended).toBeUndefined()
    expect(watching.taken.length).toBeLessThan(200)
  })

  it.each<[string, () => Partial<MailWatch>, string]>([
    ['a wrong password', () => ({ server: server({ password: 'wrong' }) }), 'config'],
    ['a folder that is not there', () => ({ folders: ['INBOX', 'Nowhere'] }), 'config'],
    ['a port where nobody listens', () => ({ server: server({ port: 1 }) }), 'unreachable'],
  ])('%s', async (_, more, code) => {
    const ended = await watch(more()).ended
    expect(ended).toMatchObject({ fault: code })
    expect(JSON.stringify(ended)).not.toContain(world.imap.user)
  })
})

it('a survey counts, shows the folders and the newest, and changes nothing', async () => {
  for (const n of upTo(10)) await world.deliver(text(n))
  const since = new Date(Date.now() - 3600_000)
  const seen = await mail.survey({ server: server(), folders: ['INBOX'], since, newest: 3, maxBytes: 100_000 })
  if (isFault(seen)) throw new Error(seen.message)
  expect(seen.waiting).toEqual([{ folder: 'INBOX', count: 10 }])
  expect(numbers(seen.newest).sort((a, b) => a - b)).toEqual([8, 9, 10])
  expect(seen.folders.map(({ name }) => name)).toContain('INBOX')
  const later = { server: server(), folders: ['INBOX'], since: new Date(Date.now() + 3600_000), newest: 3, maxBytes: 1 }
  expect(await mail.survey(later)).toMatchObject({ waiting: [{ count: 0 }], newest: [] })
  expect(await world.mailbox()).toMatchObject({ count: 10, seen: 0, deleted: 0 })
})
