import type { GraphProcess } from '../support/graph/process.ts'
import { takePhotos } from './photos.ts'
import type { CommentReport, MessengerReport } from './report.ts'
import type { Sent } from './sent.ts'
import type { Stage } from './stage.ts'

/** A person writes to the page in Messenger; Meta tells the product. */
export async function sendMessage({ graph }: Stage, report: MessengerReport): Promise<Sent> {
  const { from, text, photoAt } = report
  const photos = photoAt === undefined ? [] : await takePhotos(1, photoAt)
  const files = photos.map((bytes, n) => ({
    ...{ type: 'image', name: `IMG_${n + 1}.jpg`, contentType: 'image/jpeg' },
    base64: bytes.toString('base64'),
  }))
  const { id } = await graph.does('message', { from, text, files })
  return { report, photos, reply: await told(graph), answers: [id] }
}

/** The page posts something, under which a person comments. */
export async function sendComment({ graph }: Stage, report: CommentReport): Promise<Sent> {
  const post = await graph.does('post', { text: report.under })
  const { id } = await graph.does('comment', { post: post.id, from: report.from, text: report.text })
  return { report, photos: [], reply: await told(graph), answers: [id], post: post.id }
}

/** Meta keeps to itself what its calls were answered with; it tells again, later, what was not taken. */
async function told(graph: GraphProcess): Promise<number> {
  return (await graph.tellAgain()) === 0 ? 200 : 503
}
