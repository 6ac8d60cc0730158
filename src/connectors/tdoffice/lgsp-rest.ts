import { z } from 'zod'
import { type Fault, fault, isFault } from '../../core/fault.ts'
import type { HttpCall } from '../../platform/outgoing/http.ts'
import type { ConnectorContext } from '../connector.ts'
import type { Asked, Driver, Listed, MessageType } from './driver.ts'
import { type Body, bodyOf } from './lgsp-answer.ts'
import type { TdofficeSettings } from './settings.ts'
import { momentOf, slashed } from './time.ts'

type Context = ConnectorContext<TdofficeSettings>

const DocId = z.union([z.string().min(1).max(200), z.number()]).transform(String)

/** Public code agrees on `docId` alone; the rest is taken where it is there. */
const Items = z.array(z.object({ docId: DocId, to: z.unknown().optional(), createdTime: z.unknown().optional() }))

const Document = z.object({ edxml: z.string().min(1) })

/** The REST interface of a province's exchange, in the form that Lạng Sơn's has in public code. */
export function lgspRest(ctx: Context): Driver {
  const { settings } = ctx
  return {
    send: (edxml, messageType) => send(ctx, edxml, messageType),
    list: (box, asked) => list(ctx, box === 'sent' ? settings.sentListPath : settings.receivedListPath, asked),
    get: (docId) => get(ctx, docId),
    setDone: async (docId) => {
      const body = JSON.stringify({ docId, status: 'done' })
      const call = { method: 'POST', headers: { 'content-type': 'application/json' }, body } as const
      const said = await ask(ctx, settings.statusPath, call)
      return isFault(said) ? said : undefined
    },
  }
}

async function send(ctx: Context, edxml: Buffer, messageType: MessageType): Promise<{ docId: string } | Fault> {
  const form = new FormData()
  form.append('messageType', messageType)
  form.append('edocFile', new Blob([new Uint8Array(edxml)], { type: 'application/xml' }), `${messageType}.edxml`)
  const encoded = new Response(form)
  const said = await ask(ctx, ctx.settings.sendPath, {
    method: 'POST',
    headers: { 'content-type': encoded.headers.get('content-type')! },
    body: Buffer.from(await encoded.arrayBuffer()),
  })
  if (isFault(said)) return said
  return said.docId === undefined
    ? fault('unreachable', 'The exchange accepted without saying under which docId', { outcomeUnknown: true })
    : { docId: said.docId }
}

async function list(ctx: Context, path: string, { messageType, from, to }: Asked): Promise<Listed[] | Fault> {
  const query = new URLSearchParams({ messageType, fromDate: slashed(from), toDate: slashed(to) })
  const said = await ask(ctx, `${path}?${query}`, { method: 'GET' })
  // A question has no content that could be refused: then the path is wrong, and no case must pay for it.
  if (isFault(said)) return isTrouble(said) ? said : fault('config', said.message)
  const items = Items.safeParse(said.data)
  if (!items.success) return fault('config', `The list at ${path} is not one of documents with their docId`)
  return items.data.map((item) => ({
    docId: item.docId,
    to: [item.to ?? ''].flat().map(String).join(','),
    createdAt: momentOf(String(item.createdTime)),
  }))
}

function isTrouble({ fault: code }: Fault): boolean {
  return code === 'unreachable' || code === 'throttled'
}

async function get(ctx: Context, docId: string): Promise<Buffer | Fault> {
  const query = new URLSearchParams({ docId })
  const said = await ask(ctx, `${ctx.settings.getPath}?${query}`, { method: 'GET' })
  if (isFault(said)) {
    // A success that cannot be taken over, larger than any document may be: that is this one's fault, not the link's.
    return said.fault === 'config' && said.outcomeUnknown ? fault('rejected', said.message) : said
  }
  const document = Document.safeParse(said.data)
  if (!document.success) return fault('rejected', 'The exchange gave a document without its edxml')
  // Text in one version of the guide, Base64 of it in another.
  const { edxml } = document.data
  return /^\uFEFF?\s*</.test(edxml) ? Buffer.from(edxml) : Buffer.from(edxml, 'base64')
}

async function ask(ctx: Context, path: string, call: Omit<HttpCall, 'url'>): Promise<Body | Fault> {
  const { baseUrl, systemId, secretKey } = ctx.settings
  const answer = await ctx.http.request({
    ...call,
    url: baseUrl.replace(/\/+$/, '') + path,
    headers: { ...call.headers, 'X-SystemId': systemId, 'X-SecretKey': secretKey },
  })
  return isFault(answer) ? answer : bodyOf(answer, ctx.at)
}
