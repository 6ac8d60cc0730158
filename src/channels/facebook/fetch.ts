import { z } from 'zod'
import { type Fault, fault, isFault } from '../../core/fault.ts'
import { faultOfAnswer } from '../../core/fault-of-answer.ts'
import type { FetchedFile, RemoteFile } from '../channel.ts'
import { type GraphContext, graph } from './graph.ts'

/** "Maximum file size 25 MB": https://developers.facebook.com/docs/messenger-platform/reference/attachment-upload-api/ */
export const MOST_FILE_BYTES = 25 * 1024 * 1024

/** Where Meta keeps what people send. A link from elsewhere is none of an attachment's. */
const META = /(?:^|\.)(?:fbcdn\.net|fbsbx\.com|facebook\.com)$/

/** By its link, or a photo by its id in the Graph API. */
export async function fetchFile({ ref }: RemoteFile, ctx: GraphContext): Promise<FetchedFile | Fault> {
  const link = /^[\d_]+$/.test(ref) ? await photo(ref, ctx) : ref
  if (isFault(link)) return link
  if (!isOfMeta(link, ctx.settings.graphUrl)) return fault('rejected', 'The file lies at no address of Meta')
  const answer = await ctx.http.request({ method: 'GET', url: link })
  if (isFault(answer)) return answer
  // Links are signed and end after some days: that is this file's misfortune, not the source's.
  if (answer.status >= 400 && answer.status < 500 && answer.status !== 429)
    return fault('rejected', `Answered ${answer.status}: the link has ended, or the file is gone`)
  const type = answer.headers['content-type'] ?? 'application/octet-stream'
  return faultOfAnswer(answer, ctx.at) ?? { bytes: answer.body, type }
}

function isOfMeta(link: string, graphUrl: string): boolean {
  const url = URL.canParse(link) ? new URL(link) : undefined
  if (url === undefined) return false
  return (url.protocol === 'https:' && META.test(url.hostname)) || url.origin === new URL(graphUrl).origin
}

/** https://developers.facebook.com/docs/graph-api/reference/photo: the same photo in several sizes. */
const Photo = z.object({ images: z.array(z.object({ source: z.string(), width: z.number() })).min(1) })

async function photo(id: string, ctx: GraphContext): Promise<string | Fault> {
  const found = await graph(ctx, { method: 'GET', path: [id], params: { fields: 'images' } }, Photo)
  if (isFault(found)) return found
  return found.images.reduce((best, image) => (image.width > best.width ? image : best)).source
}
