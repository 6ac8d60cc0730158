import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openGraph } from '../support/graph/graph.ts'
import { graphAt } from '../support/graph/process.ts'
import { type Body, type ChannelContract, momentOf, type Provider, type Said, type WebhookWay } from './contract.ts'

const PAGE = '682498302938465'
const FIXTURES = join(import.meta.dirname, '../../src/channels/facebook/fixture')
const secretOf = (mark: string) => `not-a-real-app-secret-${mark}`
const tokenOf = (mark: string) => `EAAG-not-a-real-token-${mark}`
const settings = (mark: string) => ({
  ...{ pageId: PAGE, pageToken: tokenOf(mark), appSecret: secretOf(mark), verifyToken: `not-a-real-word-${mark}` },
})
const sign: WebhookWay['sign'] = ({ bytes }, { mark }) => ({
  'x-hub-signature-256': `sha256=${createHmac('sha256', secretOf(mark)).update(bytes).digest('hex')}`,
})

type Json = Record<string, unknown>
interface Entry {
  time: number
  messaging: Json[]
  changes: { field: string; value: Json }[]
}

/** A body that Meta sent once. */
const sample = (name: string): Entry =>
  (JSON.parse(readFileSync(join(FIXTURES, `${name}.json`), 'utf8')) as { entry: [Entry] }).entry[0]

/** As Meta writes it: all that is no ASCII as `\u`, slashes behind a backslash. */
function hook(entry: readonly Entry[]): Body {
  const text = JSON.stringify({ object: 'page', entry })
    .replace(/[\u0080-\uffff]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .replaceAll('/', '\\/')
  return { bytes: Buffer.from(text), type: 'application/json' }
}

const psidOf = (person: number) => String(6_512_345_678_900_000 + person)

/** The sample, said by this person at this minute, with something of it otherwise. */
function messaging(
  name: string,
  person: number,
  given: { readonly minute?: number; readonly with: (part: Json) => Json },
) {
  const entry = sample(name)
  const part = { ...entry.messaging[0]!, sender: { id: psidOf(person) }, timestamp: momentOf(given.minute).getTime() }
  return { ...entry, messaging: [{ ...part, ...given.with(part) }] }
}

const messageOf = ({ id: mid, person, text }: Said, name = 'message') =>
  messaging(name, person, { with: ({ message }) => ({ message: { ...(message as Json), mid, text } }) })

async function openPage(
  says: (graph: ReturnType<typeof graphAt>, said: Omit<Said, 'id'>) => Promise<{ readonly id: string }>,
): Promise<Provider> {
  const opened = await openGraph({ port: 0, pageId: PAGE, pageToken: tokenOf('own') })
  const graph = graphAt(`http://127.0.0.1:${opened.port}`)
  return {
    settings: { ...settings('own'), graphUrl: graph.url, allow: ['127.0.0.0/8'] },
    keeps: async (said, at) => {
      await graph.control({ now: at.toISOString() })
      return (await says(graph, said)).id
    },
    admits: (it) => graph.control({ token: it ? 'good' : 'expired' }),
    close: () => opened.close(),
  }
}

const messenger: WebhookWay = {
  way: 'webhook',
  name: 'Messenger',
  documentation:
    'https://developers.facebook.com/documentation/business-messaging/messenger-platform/webhooks/webhook-events/messages',
  settings,
  sign,
  report: (said) => hook([messageOf(said)]),
  words: {
    edit: ({ id: mid, person, text }, minute) =>
      hook([
        messaging('message-edit', person, {
          minute,
          with: () => ({ message_edit: { mid, text, num_edit: String(minute) } }),
        }),
      ]),
    more: 'never',
    // Messenger does not tell pages that somebody unsent a message.
    deletion: 'never',
    receipt: (providerId) =>
      hook([
        messaging('message-delivery', 1, {
          with: ({ delivery }) => ({ delivery: { ...(delivery as Json), mids: [providerId] } }),
        }),
      ]),
    batch: (all) => hook(all.map((said) => messageOf(said))),
    file: (said) => hook([messageOf(said, 'message-attachment')]),
    goesOn: true,
  },
  provider: () => openPage((graph, { person, text }) => graph.does('message', { from: { id: psidOf(person) }, text })),
}

function commentOf({ id, person, text }: Said, given: { readonly minute?: number; readonly more?: Json } = {}): Entry {
  const entry = sample('comment-photo')
  const { photo: _photo, ...bare } = entry.changes[0]!.value
  const time = momentOf(given.minute).getTime() / 1000
  const changed = { ...bare, comment_id: id, sender_id: Number(psidOf(person)), message: text, ...given.more }
  return { ...entry, time, changes: [{ field: 'feed', value: changed }] }
}

/** Meta's ids of comments are the post's and a number. */
const numbered = (said: Said): Said => ({
  ...said,
  id: /^\d+_\d+$/.test(said.id) ? said.id : `466_${said.id.replace(/\D/g, '')}`,
})

const comments: WebhookWay = {
  way: 'webhook',
  name: 'comments under posts',
  documentation: 'https://developers.facebook.com/docs/graph-api/webhooks/reference/page/#feed',
  settings,
  sign,
  report: (said) => hook([commentOf(numbered(said))]),
  words: {
    edit: (said, minute) => hook([commentOf(numbered(said), { minute, more: { verb: 'edited' } })]),
    more: 'never',
    deletion: (said, minute) => hook([commentOf(numbered(said), { minute, more: { verb: 'remove' } })]),
    receipt: 'never',
    batch: (all) => hook(all.map((said) => commentOf(numbered(said)))),
    file: (said) => {
      const { photo } = sample('comment-photo').changes[0]!.value
      return hook([commentOf(numbered(said), { more: { photo } })])
    },
    goesOn: false,
  },
  provider: () =>
    openPage(async (graph, { person, text }) => {
      const { id: post } = await graph.does('post', { text: 'Thông báo' })
      return graph.does('comment', { post, from: { id: psidOf(person) }, text })
    }),
}

export const facebook: ChannelContract = {
  about: {
    receives:
      'messages to the page, comments under its posts, posts on its wall, mentions; edits, and removed comments and posts; word that a message of ours arrived',
    verifies: '`X-Hub-Signature-256` over the bytes; the word of `verifyToken` when the address is set up',
    reconciles:
      'conversations, posts and comments since last time, ten minutes over; of a conversation its 20 newest messages, comments under posts of 30 days. Edits, removals and mentions are told by webhook alone',
    sends:
      'in Messenger where they wrote there; to a comment one message in private, then a public line that there is news and nothing of it',
    limits:
      '24 hours after they wrote (seven days for what an officer wrote, with *Human Agent*), one private reply in seven days to a comment, 2000 letters in a message; 1000 updates in a call',
  },
  ways: [messenger, comments],
}
