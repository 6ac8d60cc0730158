import { mkdir, mkdtemp, rename, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { channelContext } from '../../../test/support/channel-context.ts'
import { until } from '../../../test/support/until.ts'
import type { Handed, Preview } from '../channel.ts'
import { hotline } from './index.ts'
import { HotlineSettings } from './settings.ts'

const listener = hotline.intakes.find((intake) => intake.intake === 'listener')!
let folder: string
let ended: (() => Promise<unknown>)[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paht-calls-'))
})
afterEach(async () => {
  await Promise.all(ended.map((end) => end()))
  ended = []
  for (const path of [folder, `${folder}.tick`, `${folder}.late`]) await rm(path, { recursive: true, force: true })
})

interface Watched {
  readonly taken: Handed[]
  readonly names: () => string[]
  readonly caughtUp: () => number
  readonly running: Promise<unknown>
  readonly end: () => Promise<unknown>
}

/** Watches until the test ends, from where an earlier one was. */
function watch(settings: object = {}, { taken = [], refuse }: { taken?: Handed[]; refuse?: Error } = {}): Watched {
  const abort = new AbortController()
  const last = taken.at(-1)
  let caughtUp = 0
  const running = listener.run({
    ...channelContext(HotlineSettings.parse({ folder, pollSeconds: 0.1, ...settings })),
    cursors: new Map(last === undefined ? [] : [['folder', JSON.parse(JSON.stringify(last.cursor))]]),
    signal: abort.signal,
    take: async (handed) => {
      if (refuse !== undefined) throw refuse
      taken.push(...handed)
    },
    caughtUp: () => caughtUp++,
  })
  const end = () => {
    abort.abort()
    return running
  }
  running.catch(() => undefined)
  ended.push(() => end().catch(() => undefined))
  return {
    taken,
    names: () => taken.map(({ envelope }) => envelope.event.split(':')[1]!),
    caughtUp: () => caughtUp,
    running,
    end,
  }
}

/** The next file will be later than this one: file systems count in ticks of some milliseconds. */
async function put(name: string, text = `KH: ${name}`): Promise<void> {
  await writeFile(join(folder, name), text)
  const { ctimeMs } = await stat(join(folder, name))
  const probe = `${folder}.tick`
  await until(
    'a tick',
    async () => {
      await writeFile(probe, '')
      return (await stat(probe)).ctimeMs > ctimeMs || undefined
    },
    { everyMs: 1 },
  )
}
/** Two looks later. */
const looked = async ({ caughtUp }: Watched) => {
  const before = caughtUp()
  await until('two looks more', () => caughtUp() > before + 1 || undefined, { everyMs: 5 })
}

describe('a folder of calls', () => {
  it('is taken in the order in which its files came, each with its type, and nothing in it is changed', async () => {
    await put('b.txt')
    await put('a.vtt')
    await put('c.mp3')
    const watched = watch()
    await until('three', () => watched.taken.length === 3 || undefined, { everyMs: 5 })
    expect(watched.taken).toMatchObject([
      {
        place: 'folder',
        envelope: { event: expect.stringMatching(/^file:b\.txt:[0-9a-f]{64}$/), contentType: 'text/plain' },
      },
      { envelope: { contentType: 'text/vtt', body: Buffer.from('KH: a.vtt') } },
      { envelope: { contentType: 'audio/mpeg' } },
    ])
    await looked(watched)
    expect(watched.names()).toEqual(['b.txt', 'a.vtt', 'c.mp3'])
  })

  it('is gone on with where it was left, a file that is written anew comes again, one that is moved in late is not missed', async () => {
    await put('1.txt')
    const first = watch()
    await until('one', () => first.taken.length === 1 || undefined, { everyMs: 5 })
    await first.end()
    await writeFile(`${folder}.late`, 'KH: old')
    await put('2.txt')
    const second = watch({}, { taken: first.taken })
    await until('two', () => first.taken.length === 2 || undefined, { everyMs: 5 })
    await rename(`${folder}.late`, join(folder, 'late.txt'))
    await put('1.txt', 'KH: better')
    await until('four', () => first.taken.length === 4 || undefined, { everyMs: 5 })
    expect([second.names().slice(0, 2), second.names().slice(2).sort()]).toEqual([
      ['1.txt', '2.txt'],
      ['1.txt', 'late.txt'],
    ])
    const written = first.taken.filter(({ envelope }) => envelope.event.includes(':1.txt:'))
    expect(new Set(written.map(({ envelope }) => envelope.event)).size).toBe(2)
  })

  it('knows by name what came in one tick of the file system', async () => {
    await put('1.txt')
    const { ctimeMs: at } = await stat(join(folder, '1.txt'))
    const watchFrom = (names: string[]) => watch({}, { taken: [{ cursor: { at, names } } as Handed] })
    const [known, unknown] = [watchFrom(['1.txt']), watchFrom(['2.txt'])]
    await until('taken', () => unknown.taken.length === 2 || undefined, { everyMs: 5 })
    await looked(known)
    expect(known.taken).toHaveLength(1)
    expect(unknown.taken[1]!.cursor).toEqual({ at, names: ['2.txt', '1.txt'] })
  })

  it('waits for a file that is being written, and for what came after it', async () => {
    const watched = watch()
    await looked(watched)
    let size = 0
    let isWriting = true
    const writing = (async () => {
      for (; isWriting; await wait(20)) await writeFile(join(folder, 'half.txt'), 'x'.repeat(++size))
    })()
    await until('begun', () => size > 2 || undefined, { everyMs: 5 })
    await put('whole.txt')
    await until('long', () => size > 30 || undefined, { everyMs: 5 })
    isWriting = false
    await writing
    await put('half.txt', 'KH: all of it')
    await until('both', () => watched.taken.length === 2 || undefined, { everyMs: 5 })
    expect(watched.taken.find(({ envelope }) => envelope.event.includes('half'))!.envelope.body.toString()).toBe(
      'KH: all of it',
    )
    expect(watched.names().sort()).toEqual(['half.txt', 'whole.txt'])
  })

  it('that is marked waits for the mark, however quiet a file is', async () => {
    const watched = watch({ complete: 'marked' })
    await put('1.txt', 'KH: ha')
    await put('2.txt')
    await put('2.txt.done', '')
    await until('marked', () => watched.taken.length === 1 || undefined, { everyMs: 5 })
    await looked(watched)
    expect(watched.names()).toEqual(['2.txt'])
    await put('1.txt', 'KH: half no more')
    await put('1.txt.done', '')
    await until('marked', () => watched.taken.length === 2 || undefined, { everyMs: 5 })
    expect(watched.taken[1]!.envelope.body.toString()).toBe('KH: half no more')
  })

  it('leaves alone what is no call: other endings, drafts, folders, links, what was there before', async () => {
    for (const name of ['a.tmp', 'a.txt.part', '.hidden.txt', 'a.exe', 'a', 'README.md']) await put(name)
    await mkdir(join(folder, 'sub.txt'))
    await symlink('/etc/passwd', join(folder, 'link.txt'))
    const watched = watch()
    await looked(watched)
    const later = watch({ since: '2100-01-01T00:00:00Z' })
    await put('old.txt')
    await until('taken', () => watched.taken.length === 1 || undefined, { everyMs: 5 })
    await looked(later)
    expect([watched.names(), later.names()]).toEqual([['old.txt'], []])
  })

  it('says of a file that is too large that it is', async () => {
    await put('long.wav')
    await truncate(join(folder, 'long.wav'), 25 * 1024 * 1024 + 1)
    const watched = watch()
    await until('told', () => watched.taken.length === 1 || undefined, { everyMs: 5 })
    expect(watched.taken[0]).toMatchObject({
      unreadable: '26214401 bytes, more than the 26214400 that are read',
      envelope: { body: Buffer.alloc(0) },
    })
  })

  it('that is gone is a fault that somebody can mend; what cannot be committed ends it', async () => {
    const watched = watch()
    await looked(watched)
    await rm(folder, { recursive: true })
    expect(await watched.end()).toBeUndefined()
    expect(await watch().end()).toEqual({ fault: 'config', message: 'The folder cannot be read: ENOENT' })
    await mkdir(folder)
    await put('1.txt')
    const away = Object.assign(new Error('connect'), { code: 'ECONNREFUSED', syscall: 'connect' })
    const failing = watch({}, { refuse: away })
    await expect(failing.running).rejects.toBe(away)
  })

  it('can be looked at beforehand', async () => {
    for (const name of ['1.txt', '2.txt', '3.txt']) await put(name)
    const settings = HotlineSettings.parse({ folder })
    const preview = (await listener.preview(channelContext(settings), 2)) as Preview
    expect(preview).toMatchObject({ waiting: [{ place: 'folder', count: 3 }], places: [{ place: 'folder' }] })
    expect(preview.newest.map(({ envelope }) => envelope.body.toString())).toEqual(['KH: 2.txt', 'KH: 3.txt'])
    expect(await listener.preview(channelContext(settings), 0)).toMatchObject({ newest: [] })
    expect(await listener.preview(channelContext(HotlineSettings.parse({ folder: '/nowhere' })), 1)).toMatchObject({
      fault: 'config',
    })
    expect(await hotline.check!(channelContext(HotlineSettings.parse({ folder: '/nowhere' })))).toMatchObject({
      fault: 'config',
    })
    expect(await hotline.check!(channelContext(settings))).toMatchObject({ ok: true })
  })

  it('that a source has not is not looked for', async () => {
    const watched = watch({ folder: undefined })
    expect(watched.caughtUp()).toBe(1)
    expect(await watched.end()).toBeUndefined()
  })
})
