import { afterEach, describe, expect, it } from 'vitest'
import { until } from '../../../test/support/until.ts'
import { type Command, rows, scriptedImap } from './fixture/imap.ts'
import type { MailCursor, MailMessage, MailServer } from './mail.ts'
import { makeMail } from './make-mail.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const USER = 'ba.nguyen@example.vn'

async function watch(
  instead: (command: Command) => boolean,
  {
    cursors = new Map(),
    since = new Date(0),
    ...more
  }: { cursors?: Map<string, MailCursor>; since?: Date } & Partial<MailServer> = {},
) {
  const server = await scriptedImap(instead)
  const abort = new AbortController()
  const taken: MailMessage[] = []
  let caughtUp = false
  const ended = makeMail().watch({
    server: { host: '127.0.0.1', port: server.port, security: 'none', user: USER, password: 'bi-mat', ...more },
    ...{ folders: ['INBOX'], cursors, since, maxBytes: 1000, pollSeconds: 0, watchdogSeconds: 60 },
    signal: abort.signal,
    take: async (messages) => void taken.push(...messages),
    caughtUp: () => {
      caughtUp = true
    },
  })
  closing.push(async () => {
    abort.abort()
    await ended
    server.close()
  })
  return { ended, taken, heard: server.heard, caughtUp: () => until('caught up', () => caughtUp || undefined) }
}

/** The first `verb` is answered with NO. */
function refuseOnce(verb: string, code: string) {
  let refused = false
  return (command: Command) => {
    if (refused || command.verb !== verb) return false
    refused = true
    command.done(`NO [${code}] not for ${USER} now`)
    return true
  }
}

describe('a server that is busy is come back to, and nobody is called', () => {
  it.each(['LOGIN', 'EXAMINE', 'UID SEARCH', 'UID FETCH'].map((verb) => [verb] as const))('at %s', async (verb) => {
    const ended = await (await watch(refuseOnce(verb, 'UNAVAILABLE'))).ended
    expect(ended).toMatchObject({ fault: 'unreachable' })
    expect(JSON.stringify(ended)).not.toContain(USER)
  })
  // Dovecot says LIMIT when sessions of a line that died still count as open.
  it.each(['LIMIT', 'INUSE'].map((code) => [code] as const))('as for %s', async (code) => {
    expect(await (await watch(refuseOnce('LOGIN', code))).ended).toMatchObject({ fault: 'unreachable' })
  })
})

describe('what only a person can mend', () => {
  it('a password', async () => {
    const ended = await (await watch(refuseOnce('LOGIN', 'AUTHENTICATIONFAILED'))).ended
    expect(ended).toMatchObject({ fault: 'config' })
    expect(JSON.stringify(ended)).not.toContain(USER)
  })
  it('a folder that may not be opened, by its name', async () => {
    const ended = await (await watch(refuseOnce('EXAMINE', 'NOPERM'))).ended
    expect(ended).toMatchObject({ fault: 'config', message: expect.stringContaining('INBOX') })
  })
  it('STARTTLS that is demanded and not offered', async () => {
    const watching = await watch(() => false, { security: 'starttls' })
    expect(await watching.ended).toMatchObject({ fault: 'config' })
    expect(watching.heard.join()).not.toContain('LOGIN')
  })
})

it('a flag that somebody changes meanwhile is no second message without size and date', async () => {
  const { taken, caughtUp } = await watch(({ verb, args, untagged, done }) => {
    if (verb !== 'UID FETCH' || args.includes('BODY')) return false
    for (const row of ['2 FETCH (UID 2 FLAGS (\\Seen))', ...rows(args)]) untagged(row)
    done('OK done')
    return true
  })
  await caughtUp()
  expect(taken.map(({ cursor, receivedAt }) => [cursor.uid, receivedAt.toISOString()])).toEqual(
    [1, 2, 3].map((uid) => [uid, '2026-11-23T01:00:00.000Z']),
  )
})

it.each<[string, number]>([
  ['2026-11-23T01:00:00.900Z', 3],
  ['2026-11-23T01:00:01.000Z', 0],
])('since %s there are %i: a server counts whole seconds', async (since, count) => {
  const { taken, caughtUp } = await watch(() => false, { since: new Date(since) })
  await caughtUp()
  expect(taken.length).toBe(count)
})

it('one that is longer than its server said comes without its bytes', async () => {
  const { taken, caughtUp } = await watch(({ verb, args, untagged, done }) => {
    if (verb !== 'UID FETCH' || !args.includes('BODY')) return false
    expect(args).toContain('<0.1001>')
    for (const uid of [1, 2])
      untagged(`${uid} FETCH (UID ${uid} BODY[]<0> {${uid * 999 - 998}}\r\n${'x'.repeat(uid * 999 - 998)})`)
    untagged(`3 FETCH (UID 3 BODY[]<0> {1001}\r\n${'x'.repeat(1001)})`)
    done('OK done')
    return true
  })
  await caughtUp()
  expect(taken.map(({ tooLarge, source }) => [tooLarge, source.length])).toEqual([
    [false, 1],
    [false, 1000],
    [true, 0],
  ])
})

it('the last message, which `n:*` names above the end, is not taken twice', async () => {
  const cursors = new Map([['INBOX', { uidValidity: '7', uid: 3 }]])
  const { taken, heard, caughtUp } = await watch(
    ({ verb, untagged, done }) => {
      if (verb !== 'UID SEARCH') return false
      untagged('SEARCH 3')
      done('OK done')
      return true
    },
    { cursors },
  )
  await caughtUp()
  expect(taken).toEqual([])
  expect(heard.join()).toContain('UID SEARCH UID 4:*')
})

it('IDLE that the server ends is begun anew', async () => {
  const { heard } = await watch(({ verb, done }) => {
    if (verb !== 'IDLE') return false
    setTimeout(() => done('OK enough'), 10)
    return true
  })
  await until('a second IDLE', () => heard.filter((line) => line.endsWith(' IDLE')).length > 1 || undefined)
})
