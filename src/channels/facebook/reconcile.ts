import { createHash } from 'node:crypto'
import { z } from 'zod'
import { type Fault, fault, isFault } from '../../core/fault.ts'
import type { Reconciled } from '../channel.ts'
import { FOUND } from './found.ts'
import { type GraphContext, graph } from './graph.ts'
import { Id } from './item.ts'

const MINUTE_MS = 60_000
/** What Meta has may show a little later in its lists. */
const OVERLAP_MS = 10 * MINUTE_MS
/** Comments under older posts than this are told by the webhook alone. */
const POSTS_BACK_MS = 30 * 24 * 60 * MINUTE_MS
const IN_AN_ENVELOPE = 50
const MOST_PAGES = 500

/** What else it says is for `read` to judge, each row by itself. */
const Row = z.looseObject({
  id: Id.optional().catch(undefined),
  created_time: z.string().max(40).optional().catch(undefined),
  updated_time: z.string().max(40).optional().catch(undefined),
  permalink_url: z.string().max(2000).optional().catch(undefined),
  from: z.looseObject({ id: Id }).optional().catch(undefined),
})
type Row = z.output<typeof Row>

/** https://developers.facebook.com/docs/graph-api/results : `next` is there as long as there is more. */
const Page = z.object({
  data: z.array(Row).max(1000),
  paging: z
    .object({ next: z.string().optional(), cursors: z.object({ after: z.string() }).partial().optional() })
    .optional(),
})

/** Rows of one kind, all later than the cursor, oldest first. */
interface Batch {
  readonly of: 'messages' | 'posts' | 'comments'
  readonly data: readonly Row[]
}

const Known = z.object({ since: z.iso.datetime() })

/**
 * What is there beside what the webhook told. The lists have no time to begin at and go backwards, so the cursor moves once all of it is handed
 * over; with nothing to hand over it moves in the source's memory.
 */
export async function* reconcile(cursor: unknown, ctx: GraphContext): AsyncIterable<Reconciled | Fault> {
  const known = [cursor, await ctx.memory.read()].flatMap((one) => Known.safeParse(one).data?.since ?? []).sort()
  const next = { since: new Date(ctx.at.getTime() - OVERLAP_MS).toISOString() }
  const since = known.at(-1)
  if (since === undefined) return void (await ctx.memory.change(async () => next))
  let held: Batch | undefined
  for await (const batch of batchesSince(Date.parse(since), ctx)) {
    if (held !== undefined) yield handed(held, { since })
    if (isFault(batch)) return yield batch
    held = batch
  }
  if (held !== undefined) yield handed(held, next)
  else await ctx.memory.change(async () => next)
}

function handed({ of, data }: Batch, cursor: unknown): Reconciled {
  const body = Buffer.from(JSON.stringify({ of, data }))
  const event = `found:${createHash('sha256').update(body).digest('hex')}`
  const last = data.map(({ created_time }) => timeOf(created_time)).filter((time) => !Number.isNaN(time))
  return {
    envelope: { event, contentType: FOUND, body, files: [] },
    receivedAt: new Date(Math.max(0, ...last)),
    cursor,
  }
}

async function* batchesSince(since: number, ctx: GraphContext): AsyncIterable<Batch | Fault> {
  const { pageId } = ctx.settings
  const conversations = await list(ctx, {
    path: [pageId, 'conversations'],
    params: { platform: 'messenger', fields: 'id,updated_time' },
    isOver: ({ updated_time }) => timeOf(updated_time) < since,
  })
  if (isFault(conversations)) return yield conversations
  const isOver = ({ created_time }: Row) => timeOf(created_time) < since
  for (const { id } of conversations) {
    if (id === undefined) continue
    const messages = await list(ctx, { path: [id, 'messages'], params: { fields: MESSAGE }, isOver })
    if (isFault(messages)) return yield messages
    yield* batches('messages', messages, pageId)
  }
  yield* feedSince(since, ctx)
}

/** https://developers.facebook.com/docs/graph-api/reference/page/feed : by the time a post was made; its comments make it `updated`. */
async function* feedSince(since: number, ctx: GraphContext): AsyncIterable<Batch | Fault> {
  const { pageId } = ctx.settings
  const posts = await list(ctx, {
    path: [pageId, 'feed'],
    params: { fields: POST, since: Math.floor((since - POSTS_BACK_MS) / 1000) },
    isOver: () => false,
  })
  if (isFault(posts)) return yield posts
  yield* batches(
    'posts',
    posts.filter(({ created_time }) => !(timeOf(created_time) < since)),
    pageId,
  )
  for (const { id, updated_time, permalink_url: under } of posts) {
    if (id === undefined || timeOf(updated_time) < since) continue
    const comments = await list(ctx, {
      path: [id, 'comments'],
      params: { filter: 'stream', order: 'reverse_chronological', fields: COMMENT },
      isOver: ({ created_time }) => timeOf(created_time) < since,
    })
    if (isFault(comments)) return yield comments
    yield* batches(
      'comments',
      comments.map((comment) => ({ ...comment, under })),
      pageId,
    )
  }
}

const MESSAGE = 'id,created_time,from,message,attachments{name,file_url,image_data{url},video_data{url}}'
const MEDIA = 'media,target,type'
const POST = `id,from,message,created_time,updated_time,permalink_url,attachments{${MEDIA},subattachments}`
const COMMENT = `id,from,message,created_time,attachment{${MEDIA}}`

/** The page's own words are nobody's report. */
function* batches(of: Batch['of'], rows: readonly Row[], pageId: string): Iterable<Batch> {
  const theirs = rows.filter(({ from }) => from?.id !== pageId)
  for (let at = 0; at < theirs.length; at += IN_AN_ENVELOPE) yield { of, data: theirs.slice(at, at + IN_AN_ENVELOPE) }
}

interface Listing {
  readonly path: readonly string[]
  readonly params: Readonly<Record<string, unknown>>
  /** The list is newest first: from this row on all is known. */
  isOver(row: Row): boolean
}

/** Page by page, and oldest first in the end. */
async function list(ctx: GraphContext, { path, params, isOver }: Listing): Promise<readonly Row[] | Fault> {
  const rows: Row[] = []
  let after: string | undefined
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const asked = { ...params, limit: IN_AN_ENVELOPE, ...(after !== undefined && { after }) }
    const page = await graph(ctx, { method: 'GET', path, params: asked }, Page)
    if (isFault(page)) return page
    const end = page.data.findIndex(isOver)
    rows.push(...(end === -1 ? page.data : page.data.slice(0, end)))
    after = page.paging?.next === undefined ? undefined : page.paging.cursors?.after
    if (end !== -1 || after === undefined) return rows.reverse()
  }
  return fault('rejected', `More than ${MOST_PAGES} pages of ${path.at(-1)} since it was last asked`)
}

/** `2026-11-23T01:00:00+0000`, which ECMAScript does not promise to read. */
function timeOf(text = ''): number {
  return Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'))
}
