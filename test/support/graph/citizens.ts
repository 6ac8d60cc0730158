import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { Line } from './hooks.ts'
import { permalink } from './lists.ts'
import { type Comment, type Kept, type Message, newMid, newNumber, type Page, type Written } from './page.ts'

interface Stage {
  readonly page: Page
  readonly line: Line
  now(): Date
  link(file: Kept): string
}

const Files = z
  .array(
    z.strictObject({
      type: z.enum(['image', 'video', 'audio', 'file']),
      name: z.string(),
      contentType: z.string(),
      base64: z.string(),
    }),
  )
  .default([])
const From = z
  .strictObject({ id: z.string(), name: z.string().optional() })
  .transform(({ id, name }) => ({ id, ...(name !== undefined && { name }) }))
const text = z.string().default('')

/** What people do on the page: `POST /people/…`. Meta tells the hub of each. */
export function serveCitizens(app: FastifyInstance, stage: Stage): void {
  const { page, line } = stage
  app.post('/people/message', async ({ body }) => {
    const said = z.strictObject({ from: From, text, files: Files }).parse(body)
    const message: Message = { ...written(said, newMid(), stage), talk: said.from.id }
    page.messages.push(message)
    await line.tell(messagingEntry(message, stage, { message: messageTold(message, stage) }))
    return { id: message.id }
  })
  app.post('/people/edit-message', async ({ body }) => {
    const said = z.strictObject({ id: z.string(), text: z.string(), times: z.int().default(1) }).parse(body)
    const message = page.messages.find(({ id }) => id === said.id)!
    message.text = said.text
    const message_edit = { mid: said.id, text: said.text, num_edit: said.times }
    await line.tell(messagingEntry(message, stage, { message_edit }))
    return {}
  })
  app.post('/people/post', async ({ body }) => {
    const said = z.strictObject({ from: From.optional(), text, files: Files }).parse(body)
    const post = written({ ...said, from: said.from ?? page.person }, `${page.person.id}_${newNumber()}`, stage)
    page.posts.set(post.id, post)
    await line.tell(changeEntry(stage, postTold(post, 'add', stage)))
    return { id: post.id }
  })
  app.post('/people/comment', async ({ body }) => {
    const said = z.strictObject({ post: z.string(), from: From, text, files: Files }).parse(body)
    const id = `${said.post.split('_').at(-1)}_${newNumber()}`
    const comment: Comment = { ...written(said, id, stage), post: said.post }
    page.comments.set(id, comment)
    await line.tell(changeEntry(stage, commentTold(comment, 'add', stage)))
    return { id }
  })
  app.post('/people/edit-comment', async ({ body }) => {
    const said = z.strictObject({ id: z.string(), text: z.string() }).parse(body)
    const comment = page.comments.get(said.id)!
    comment.text = said.text
    await line.tell(changeEntry(stage, commentTold(comment, 'edited', stage)))
    return {}
  })
  app.post('/people/remove-comment', async ({ body }) => {
    const comment = page.comments.get(z.strictObject({ id: z.string() }).parse(body).id)!
    page.comments.delete(comment.id)
    await line.tell(changeEntry(stage, { ...commentTold(comment, 'remove', stage), message: undefined }))
    return {}
  })
  app.get('/untold', async () => ({ untold: line.untold.length }))
  app.post('/tell-again', async () => ({ untold: await line.again() }))
}

type Said = { readonly from: Written['from']; readonly text: string; readonly files: z.output<typeof Files> }

function written({ from, text: said, files }: Said, id: string, { page, now }: Stage): Written {
  const kept = files.map(({ base64, ...file }) => ({ ...file, id: newNumber(), bytes: Buffer.from(base64, 'base64') }))
  for (const file of kept) page.files.set(file.id, file)
  return { id, from, at: now(), text: said, files: kept }
}

/** https://developers.facebook.com/documentation/business-messaging/messenger-platform/webhooks/webhook-events/messages */
function messagingEntry({ talk, at }: Message, { page, now }: Stage, told: object): object {
  const event = { sender: { id: talk }, recipient: { id: page.person.id }, timestamp: now().getTime(), ...told }
  return { id: page.person.id, time: at.getTime(), messaging: [event] }
}

function messageTold({ id, text: said, files }: Message, { link }: Stage): object {
  return {
    mid: id,
    ...(said !== '' && { text: said }),
    ...(files.length > 0 && { attachments: files.map((file) => ({ type: file.type, payload: { url: link(file) } })) }),
  }
}

/** https://developers.facebook.com/docs/graph-api/webhooks/reference/page/#feed */
function changeEntry({ page, now }: Stage, value: object): object {
  return { id: page.person.id, time: Math.floor(now().getTime() / 1000), changes: [{ field: 'feed', value }] }
}

function commentTold(comment: Comment, verb: string, { page, link }: Stage): object {
  const { id, from, post, at, text: said, files } = comment
  return {
    ...{ item: 'comment', verb, from, post_id: post, comment_id: id, parent_id: post },
    ...{ created_time: Math.floor(at.getTime() / 1000), message: said },
    ...(files[0] !== undefined && { [files[0].type === 'video' ? 'video' : 'photo']: link(files[0]) }),
    post: { id: post, permalink_url: permalink(page, post), status_type: 'mobile_status_update', is_published: true },
  }
}

function postTold({ id, from, at, text: said, files }: Written, verb: string, { link }: Stage): object {
  const photos = files.filter(({ type }) => type === 'image')
  const [photo] = photos
  return {
    ...{ item: photos.length === 1 ? 'photo' : 'status', verb, from, post_id: id, message: said },
    created_time: Math.floor(at.getTime() / 1000),
    ...(photos.length === 1 && photo !== undefined && { photo_id: photo.id, link: link(photo) }),
    ...(photos.length > 1 && { photos: photos.map(link) }),
  }
}
