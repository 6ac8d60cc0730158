import { createHash } from 'node:crypto'
import type { Stats } from 'node:fs'
import { lstat, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { type Fault, fault } from '../../core/fault.ts'
import type { Handed, Listener, ListenerContext } from '../channel.ts'
import { typeOfName } from './formats/formats.ts'
import { MOST_RECORDING_BYTES } from './recording.ts'
import type { HotlineSettings } from './settings.ts'

/** Nothing in the folder is changed: what was taken is remembered by us. */
export const listener: Listener<HotlineSettings> = {
  intake: 'listener',
  run: (ctx) => (ctx.settings.folder === undefined ? idle(ctx) : watch(ctx, ctx.settings.folder)),
  preview: async ({ settings }, newest) => {
    const { folder } = settings
    const found = folder === undefined ? [] : await look(folder, settings).catch(faultOf)
    if ('fault' in found) return found
    const handed: Handed[] = []
    for (const file of found.slice(Math.max(0, found.length - newest))) {
      const one = await handOver(folder!, file).catch(faultOf)
      if (one !== undefined && 'fault' in one) return one
      if (one !== undefined && bytesOf(handed) < BATCH.bytes) handed.push(one)
    }
    return { waiting: [{ place: PLACE, count: found.length }], places: [{ place: PLACE }], newest: handed }
  },
}

const PLACE = 'folder'

/** Whoever has no folder has nothing to listen to; the source is as well as it can be. */
async function idle({ signal, caughtUp }: ListenerContext<HotlineSettings>): Promise<undefined> {
  caughtUp()
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
}

/** At once committed; a recording can be 25 MB. */
const BATCH = { files: 50, bytes: 32 * 1024 * 1024 }

async function watch(ctx: ListenerContext<HotlineSettings>, folder: string): Promise<Fault | undefined> {
  const { settings, signal } = ctx
  // It comes back as it was handed over.
  let cursor = ctx.cursors.get(PLACE) as Cursor | undefined
  let before: ReadonlyMap<string, string> = new Map()
  while (!signal.aborted) {
    const all = await look(folder, settings).catch(faultOf)
    if ('fault' in all) return all
    const found = all.filter((file) => isAfter(file, cursor))
    const whole = settings.complete === 'marked' ? found : quietOf(found, before)
    before = new Map(found.map(({ name, print }) => [name, print]))
    const taken = await takeAll(ctx, { folder, files: whole, cursor })
    if ('fault' in taken) return taken
    cursor = taken.cursor
    if (taken.count === found.length && !signal.aborted) ctx.caughtUp()
    await wait(settings.pollSeconds * 1000, undefined, { signal }).catch(() => undefined)
  }
  return undefined
}

interface Taking {
  readonly folder: string
  readonly files: readonly Found[]
  readonly cursor: Cursor | undefined
}

interface Taken {
  readonly count: number
  readonly cursor: Cursor | undefined
}

/** In batches, each committed before the next is read. */
async function takeAll(
  ctx: ListenerContext<HotlineSettings>,
  { folder, files, cursor }: Taking,
): Promise<Taken | Fault> {
  let at = cursor
  let count = 0
  let handed: Handed[] = []
  for (const file of files) {
    const one = ctx.signal.aborted ? undefined : await handOver(folder, file, at).catch(faultOf)
    // It was written to meanwhile: it and what came after it wait for the next look.
    if (one === undefined) break
    if ('fault' in one) return one
    handed.push(one)
    at = moved(at, file)
    if (handed.length < BATCH.files && bytesOf(handed) < BATCH.bytes) continue
    await ctx.take(handed)
    count += handed.length
    handed = []
  }
  if (handed.length > 0) await ctx.take(handed)
  return { count: count + handed.length, cursor: at }
}

const bytesOf = (handed: readonly Handed[]) => handed.reduce((sum, { envelope }) => sum + envelope.body.length, 0)

interface Found {
  readonly name: string
  readonly type: string
  readonly size: number
  /** When it was put there, or marked as whole: milliseconds. Not when it was last written: a file that is moved here keeps that time. */
  readonly at: number
  /** Changes whenever the file does. */
  readonly print: string
}

/** What lies there that call centres send, in the order in which it came. */
async function look(folder: string, { complete, since }: HotlineSettings): Promise<Found[]> {
  const names = await readdir(folder)
  const marks = new Set(names.filter((name) => name.endsWith(DONE)))
  const files: Found[] = []
  for (const name of names) {
    const type = name.startsWith('.') ? undefined : typeOfName(name)
    if (type === undefined || (complete === 'marked' && !marks.has(name + DONE))) continue
    const file = await statOf(join(folder, name))
    const mark = complete === 'marked' ? await statOf(join(folder, name + DONE)) : file
    if (file === undefined || mark === undefined) continue
    const at = Math.max(file.ctimeMs, mark.ctimeMs)
    if (at >= Date.parse(since)) files.push({ name, type, size: file.size, at, print: printOf(file) })
  }
  return files.sort((a, b) => a.at - b.at || (a.name < b.name ? -1 : 1))
}

const DONE = '.done'
const printOf = ({ size, ctimeMs, mtimeMs, ino }: Stats) => [size, ctimeMs, mtimeMs, ino].join(':')

/** Of a plain file: a link could name anything on this machine. */
async function statOf(path: string): Promise<Stats | undefined> {
  const stats = await lstat(path).catch(orGone)
  return stats?.isFile() ? stats : undefined
}

/** Those that were the same at the last look, up to the first that was not: what came after it waits too, for the cursor passes nothing by. */
function quietOf(found: readonly Found[], before: ReadonlyMap<string, string>): readonly Found[] {
  const changing = found.findIndex(({ name, print }) => before.get(name) !== print)
  return changing === -1 ? found : found.slice(0, changing)
}

/** Up to when everything was taken, and what of that very moment. */
interface Cursor {
  readonly at: number
  readonly names: readonly string[]
}

function isAfter({ at, name }: Found, cursor: Cursor | undefined): boolean {
  return cursor === undefined || at > cursor.at || (at === cursor.at && !cursor.names.includes(name))
}

function moved(cursor: Cursor | undefined, { at, name }: Found): Cursor {
  return { at, names: cursor?.at === at ? [...cursor.names, name] : [name] }
}

/** Undefined where it is not the file any more that was looked at. */
async function handOver(folder: string, file: Found, cursor?: Cursor): Promise<Handed | undefined> {
  const path = join(folder, file.name)
  const tooLarge = file.size > MOST_RECORDING_BYTES
  const body = tooLarge ? Buffer.alloc(0) : await readFile(path).catch(orGone)
  const after = await statOf(path)
  if (body === undefined || after === undefined || printOf(after) !== file.print) return undefined
  const print = createHash('sha256')
    .update(tooLarge ? file.print : body)
    .digest('hex')
  return {
    envelope: { event: `file:${file.name}:${print}`, contentType: file.type, body, files: [] },
    receivedAt: new Date(file.at),
    place: PLACE,
    cursor: moved(cursor, file),
    ...(tooLarge && { unreadable: `${file.size} bytes, more than the ${MOST_RECORDING_BYTES} that are read` }),
  }
}

/** Whoever put it there may take it away. */
function orGone(error: unknown): undefined {
  if (codeOf(error) !== 'ENOENT') throw error
}

function faultOf(error: unknown): Fault {
  const code = codeOf(error)
  if (code === undefined) throw error
  return fault('config', `The folder cannot be read: ${code}`)
}

/** Of an error of the file system. */
function codeOf(error: unknown): string | undefined {
  const { code, syscall } = error as { readonly code?: unknown; readonly syscall?: unknown }
  return typeof code === 'string' && typeof syscall === 'string' ? code : undefined
}
