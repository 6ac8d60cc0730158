import { z } from 'zod'
import type { Item, RemoteFile, Submitted } from '../channel.ts'
import { commentKey, Id, ignored, Person, person, postKey, remoteFile, Seconds, submitted, Text } from './item.ts'
import type { FacebookSettings } from './settings.ts'

/** Keys of `locales/*\/aside.json`. */
type Aside = 'echo' | 'reaction' | 'hidden' | 'empty' | 'not-a-message'

/**
 * https://developers.facebook.com/docs/graph-api/webhooks/reference/page/#feed and #mention. Which fields come with which item is not
 * documented; what is here is what has been seen: https://github.com/restfb/restfb/issues/667 and /741.
 */
const Change = z.object({
  field: z.string().max(50),
  value: z.object({
    item: z.string().max(50).optional(),
    verb: z.string().max(50).optional(),
    from: Person.optional(),
    /** As old pages still write it. */
    sender_id: Id.optional(),
    sender_name: z.string().max(500).optional().catch(undefined),
    post_id: Id.optional(),
    comment_id: Id.optional(),
    created_time: Seconds.optional(),
    message: Text.optional(),
    photo_id: Id.optional(),
    photo: z.string().max(4000).optional(),
    photos: z.array(z.string().max(4000)).max(100).optional(),
    video: z.string().max(4000).optional(),
    link: z.string().max(4000).optional(),
    post: z.object({ permalink_url: z.string().max(2000).optional() }).optional(),
  }),
})
type Value = z.output<typeof Change>['value']

/** What a person can write: https://developers.facebook.com/docs/graph-api/webhooks/reference/page/#feed */
const POSTS: ReadonlySet<string> = new Set(['post', 'status', 'photo', 'video', 'link', 'share', 'album', 'note'])

/** @throws where it is none as documented. `at`: when Meta noticed it. */
export function readChange(part: unknown, at: unknown, settings: FacebookSettings): Item {
  const { field, value } = Change.parse(part)
  // Of an edit the time of the post stands in the change, its own beside it.
  const time = Seconds.parse(at)
  const { item, verb = 'add' } = value
  const from = senderOf(value)
  const found = writtenIn(value, from)
  const written = found && (isOurs(value, settings) ? found : withoutThread(found))
  const of = written?.event ?? value.post_id ?? ''
  const event = [field, of, item, verb, from?.id ?? '', time].join(':')
  const aside = (reason: Aside, as?: Submitted): Item => ignored(event, reason, as)
  if (from?.id === settings.pageId) return aside('echo')
  if (item === 'reaction' || item === 'like') return aside('reaction')
  if (written === undefined || (field !== 'feed' && field !== 'mention')) return aside('not-a-message')
  switch (verb) {
    case 'add':
      return written.content === '' && written.remote === undefined ? aside('empty', written) : written
    // Both are written: https://github.com/restfb/restfb/issues/897
    case 'edit':
    case 'edited':
      return { item: 'revised', event, keys: written.keys, how: 'edited', at: time, now: written }
    case 'remove':
    case 'delete':
      return { item: 'deleted', event, keys: written.keys, at: time }
    case 'hide':
    case 'unhide':
      return aside('hidden')
    default:
      return aside('not-a-message', written)
  }
}

function senderOf({ from, sender_id, sender_name }: Value): Person | undefined {
  return from ?? (sender_id === undefined ? undefined : { id: sender_id, name: sender_name })
}

/** Only what stands on our own page can be answered there. */
function isOurs({ post_id }: Value, { pageId }: FacebookSettings): boolean {
  return post_id === undefined || post_id.startsWith(`${pageId}_`)
}

function withoutThread({ thread: _, ...rest }: Submitted): Submitted {
  return rest
}

function writtenIn(value: Value, from: Person | undefined): Submitted | undefined {
  const { comment_id, post_id, message = '' } = value
  const common = { sender: person(from), content: message, ...filesOf(value) }
  if (comment_id !== undefined && (value.item === 'comment' || !POSTS.has(value.item ?? ''))) {
    return commentOf({ ...common, id: comment_id, under: value.post?.permalink_url ?? linkTo(post_id) })
  }
  if (post_id === undefined || !(POSTS.has(value.item ?? '') || value.item === undefined)) return undefined
  return postOf({ ...common, id: post_id })
}

/** A photo's id stays good where its link ends after some days. */
function filesOf({ photo_id, photo, photos = [], video, link, item }: Value): { readonly remote?: RemoteFile[] } {
  const links = [...(photo === undefined ? [] : [photo]), ...photos]
  if (links.length === 0 && item === 'photo' && link !== undefined) links.push(link)
  const pictures = photo_id !== undefined && links.length <= 1 ? [photo_id] : links
  const film = video ?? (item === 'video' ? link : undefined)
  const remote = [...pictures.map((ref) => remoteFile(ref, 'photo')), ...(film ? [remoteFile(film, 'video')] : [])]
  return remote.length > 0 ? { remote } : {}
}

function linkTo(id: string | undefined): string | undefined {
  return id === undefined ? undefined : `https://www.facebook.com/${id}`
}

type Given = Pick<Submitted, 'sender' | 'content' | 'remote'> & { readonly id: string }

/** However it came to us: told by the webhook or asked for. */
export function commentOf({ id, under, ...given }: Given & { readonly under: string | undefined }): Submitted {
  const key = commentKey(id)
  return submitted({ ...given, event: key, keys: [key], thread: key, ...(under !== undefined && { context: under }) })
}

export function postOf({ id, ...given }: Given): Submitted {
  const key = postKey(id)
  return submitted({ ...given, event: key, keys: [key], thread: key })
}
