import type { Kept, Page, Written } from './page.ts'
import { refusals } from './refusal.ts'

export type Query = Readonly<Record<string, string | undefined>>

interface Row {
  readonly [field: string]: unknown
}

/** Only what was asked for, and `id`; a field that the edge has not is refused as Meta does. */
export function pick(row: Row, fields: string | undefined, edge: readonly string[]): Row {
  const asked = fields === undefined ? ['id'] : namesIn(fields)
  const unknown = asked.find((name) => !edge.includes(name))
  if (unknown !== undefined) throw refusals.parameter(`Tried accessing nonexisting field (${unknown})`)
  return Object.fromEntries(
    Object.entries(row).filter(([name, value]) => (asked.includes(name) || name === 'id') && value !== undefined),
  )
}

/** `id,attachments{name,image_data{url}}`: the names outside all braces. */
function namesIn(fields: string): string[] {
  let depth = 0
  let outside = ''
  for (const letter of fields) {
    if (letter === '{') depth += 1
    if (depth === 0) outside += letter
    if (letter === '}') depth -= 1
  }
  return outside.split(',').map((name) => name.trim().replace(/\..*$/, ''))
}

/** https://developers.facebook.com/docs/graph-api/results : cursors, and `next` while there is more. */
export function paged(rows: readonly Row[], query: Query, self: string): object {
  const limit = Math.min(Number(query['limit'] ?? 25), 100)
  const from = query['after'] === undefined ? 0 : Number(Buffer.from(query['after'], 'base64url').toString())
  const data = rows.slice(from, from + limit)
  if (data.length === 0) return { data }
  const after = Buffer.from(String(from + data.length)).toString('base64url')
  const more = from + data.length < rows.length
  return {
    data,
    paging: { cursors: { before: query['after'] ?? '', after }, ...(more && { next: `${self}&after=${after}` }) },
  }
}

const newestFirst = (a: { readonly at: Date }, b: { readonly at: Date }) => b.at.getTime() - a.at.getTime()

/** `2026-11-23T01:00:00+0000`. */
function stamp(at: Date): string {
  return `${at.toISOString().slice(0, 19)}+0000`
}

export function conversations(page: Page): Row[] {
  const talks = new Map<string, Date>()
  for (const { talk, at } of page.messages) talks.set(talk, at)
  return [...talks]
    .map(([talk, at]) => ({
      at,
      id: `t_${talk}`,
      updated_time: stamp(at),
      participants: { data: [{ id: talk }, page.person] },
    }))
    .sort(newestFirst)
}

export function messagesOf(page: Page, talk: string, link: (file: Kept) => string): Row[] {
  return page.messages
    .filter((message) => message.talk === talk)
    .toSorted(newestFirst)
    .map(({ id, at, from, text, files }) => ({
      ...{ id, created_time: stamp(at), from, message: text },
      ...(files.length > 0 && { attachments: { data: files.map((file) => messageFile(file, link(file))) } }),
    }))
}

function messageFile({ id, type, name, contentType, bytes }: Kept, url: string): object {
  const common = { id, mime_type: contentType, name, size: bytes.length }
  if (type === 'image') return { ...common, image_data: { width: 1, height: 1, url, preview_url: url } }
  return type === 'video' ? { ...common, video_data: { url } } : { ...common, file_url: url }
}

export function feedOf(page: Page, link: (file: Kept) => string): Row[] {
  return [...page.posts.values()].toSorted(newestFirst).map((post) => {
    const comments = [...page.comments.values()].filter((comment) => comment.post === post.id)
    const updated = new Date(Math.max(post.at.getTime(), ...comments.map(({ at }) => at.getTime())))
    return {
      ...{ id: post.id, from: post.from, message: post.text, created_time: stamp(post.at), at: post.at },
      updated_time: stamp(updated),
      permalink_url: permalink(page, post.id),
      ...(post.files.length > 0 && { attachments: { data: post.files.map((file) => media(file, link(file))) } }),
    }
  })
}

export function permalink(page: Page, post: string): string {
  return `https://www.facebook.com/${page.person.id}/posts/${post.split('_').at(-1)}`
}

export function commentsOf(page: Page, post: string, link: (file: Kept) => string): Row[] {
  return [...page.comments.values()]
    .filter((comment) => comment.post === post)
    .toSorted(newestFirst)
    .map(({ id, at, from, text, files }: Written) => ({
      ...{ id, created_time: stamp(at), from, message: text },
      ...(files[0] !== undefined && { attachment: media(files[0], link(files[0])) }),
    }))
}

function media({ id, type }: Kept, src: string): object {
  if (type === 'video') return { type: 'video', media: { source: src }, target: { id } }
  return { type: 'photo', media: { image: { src, width: 1, height: 1 } }, target: { id } }
}
