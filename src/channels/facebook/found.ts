import { z } from 'zod'
import type { Item, RemoteFile } from '../channel.ts'
import { commentOf, postOf } from './feed.ts'
import { Id, ignored, Person, person, remoteFile, Text } from './item.ts'
import { messageOf } from './messaging.ts'
import type { FacebookSettings } from './settings.ts'

/** What we asked for, in our own envelope: `{ of, data }`, the data as the Graph API gave it. Read into the keys that the webhook has. */
export const FOUND = 'application/vnd.paht.facebook+json'

/** Keys of `locales/*\/aside.json`. */
type Aside = 'echo' | 'empty'

const Url = z.string().max(4000)
const Link = z.object({ url: Url.optional() }).optional()

/** https://developers.facebook.com/docs/graph-api/reference/message */
const Message = z.object({
  id: Id,
  from: Person,
  message: Text.optional(),
  attachments: z
    .object({
      data: z
        .array(
          z.object({
            name: z.string().max(300).optional(),
            file_url: Url.optional(),
            image_data: Link,
            video_data: Link,
          }),
        )
        .max(100),
    })
    .optional(),
})

const Media = z.object({
  media: z.object({ image: z.object({ src: Url.optional() }).optional(), source: Url.optional() }).optional(),
  target: z.object({ id: Id.optional() }).optional(),
  type: z.string().max(50).optional(),
})
type Media = z.output<typeof Media>

/** https://developers.facebook.com/docs/graph-api/reference/comment */
const Comment = z.object({
  id: Id,
  from: Person.optional(),
  message: Text.optional(),
  attachment: Media.optional(),
  under: z.string().max(2000).optional(),
})

/** https://developers.facebook.com/docs/graph-api/reference/page/feed */
const Post = z.object({
  id: Id,
  from: Person.optional(),
  message: Text.optional(),
  attachments: z
    .object({
      data: z.array(Media.extend({ subattachments: z.object({ data: z.array(Media).max(100) }).optional() })).max(100),
    })
    .optional(),
})

/** @throws where it is none as documented. */
export function readFound(of: unknown, part: unknown, settings: FacebookSettings): Item {
  const item = of === 'messages' ? foundMessage(part) : of === 'comments' ? foundComment(part) : foundPost(part)
  if (item.sender.provider === settings.pageId) return ignored(item.event, 'echo' satisfies Aside)
  const empty = item.content === '' && item.remote === undefined
  return empty ? ignored(item.event, 'empty' satisfies Aside, item) : item
}

function foundMessage(part: unknown) {
  const { id, from, message = '', attachments } = Message.parse(part)
  const remote = (attachments?.data ?? []).flatMap(({ name, file_url, image_data, video_data }) => {
    const ref = file_url ?? image_data?.url ?? video_data?.url
    return ref === undefined ? [] : [{ ref, name: name || remoteFile(ref, 'file').name }]
  })
  return { ...messageOf({ mid: id, from, content: message }), ...some(remote) }
}

function foundComment(part: unknown) {
  const { id, from, message = '', attachment, under } = Comment.parse(part)
  const remote = attachment === undefined ? [] : filesOf(attachment)
  return commentOf({ id, sender: person(from), content: message, under, ...some(remote) })
}

function foundPost(part: unknown) {
  const { id, from, message = '', attachments } = Post.parse(part)
  const media = (attachments?.data ?? []).flatMap((one) => one.subattachments?.data ?? [one])
  return postOf({ id, sender: person(from), content: message, ...some(media.flatMap(filesOf)) })
}

function filesOf({ media, target, type }: Media): RemoteFile[] {
  if (media?.source !== undefined) return [remoteFile(media.source, 'video')]
  if (type === 'photo' && target?.id !== undefined) return [remoteFile(target.id, 'photo')]
  return media?.image?.src === undefined ? [] : [remoteFile(media.image.src, 'photo')]
}

function some(remote: readonly RemoteFile[]): { readonly remote?: readonly RemoteFile[] } {
  return remote.length > 0 ? { remote } : {}
}
