import type { ImapFlow } from 'imapflow'
import { batchesOf } from './batches.ts'
import { type ImapConnection, openFolder } from './connect.ts'
import { describe, type From, fetchSources, findUids } from './fetch.ts'
import type { MailMessage, MailWatch } from './mail.ts'

/** IDLE that ends by itself, as on a server that refuses it for now, is not entered again at once. */
const BREATH_MS = 1000
const OTHERS_MS = 60_000

interface Place extends From {
  readonly uidValidity: string
}

/**
 * Everything in the folders in order, then what comes; throws when the connection does. One connection for all folders: IDLE watches only the
 * one that is open, which is the first; the others are looked through from time to time. A connection for each would make them faster, and
 * count against the few that a mailbox is allowed; nearly all sources have one folder, and a second one is for junk.
 */
export async function* follow(
  { client, open }: ImapConnection,
  watch: MailWatch,
): AsyncGenerator<readonly MailMessage[] | 'caught-up', never> {
  const [first = 'INBOX', ...others] = watch.folders
  const round = others.length > 0 ? [first, ...others, first] : [first]
  const places = new Map<string, Place>()
  const news = listenForNews(client, pollMsOf(watch))
  let folder: { readonly name: string; release(): void } | undefined
  let due = round
  await open()
  for (;;) {
    for (const name of due) {
      if (folder?.name !== name) {
        folder?.release()
        folder = { name, ...(await openFolder(client, name)) }
      }
      do {
        news.forget()
        yield* drain(client, { name, places, watch })
      } while (news.came())
    }
    yield 'caught-up'
    due = (await news.wait()) === 'poll' ? round : [first]
  }
}

interface Drain {
  readonly name: string
  readonly places: Map<string, Place>
  readonly watch: MailWatch
}

async function* drain(client: ImapFlow, { name, places, watch }: Drain): AsyncGenerator<readonly MailMessage[]> {
  const place = placeNow(client, name, places.get(name), watch)
  const { uidValidity, since } = place
  const { maxBytes } = watch
  const uids = await findUids(client, place)
  for await (const located of describe(client, uids, since)) {
    for (const batch of batchesOf(located, maxBytes)) {
      const { messages, failed } = await fetchSources(client, batch, { folder: name, uidValidity, maxBytes })
      if (messages.length > 0) yield messages
      if (failed) throw failed.error
    }
  }
  const last = uids.at(-1)
  // What comes above the first listing is new, whatever time it claims to have arrived at. An empty one says nothing of what lies there from before.
  places.set(name, last === undefined ? place : { uidValidity, above: last })
}

/** Where to go on. UIDs of another UIDVALIDITY mean nothing (RFC 9051 §2.3.1.1): then as without a cursor, from `since` on. */
function placeNow(client: ImapFlow, name: string, known: Place | undefined, { cursors, since }: MailWatch): Place {
  if (!client.mailbox) throw Object.assign(new Error('No folder is open'), { code: 'NoConnection' })
  const uidValidity = String(client.mailbox.uidValidity)
  if (known?.uidValidity === uidValidity) return known
  const cursor = known === undefined ? cursors.get(name) : undefined
  return cursor?.uidValidity === uidValidity ? { uidValidity, above: cursor.uid } : { uidValidity, above: 0, since }
}

/** The folders that IDLE does not watch are looked at in any case. */
function pollMsOf({ pollSeconds, folders }: MailWatch): number | undefined {
  if (pollSeconds > 0) return pollSeconds * 1000
  return folders.length > 1 ? OTHERS_MS : undefined
}

/** Remembers that something came, also while nobody waits for it. */
function listenForNews(client: ImapFlow, pollMs: number | undefined) {
  let came = false
  let wake: (why: 'news' | 'poll' | Error) => void = () => undefined
  client.on('exists', () => {
    came = true
    wake('news')
  })
  client.on('close', () => wake(Object.assign(new Error('Closed'), { code: 'NoConnection' })))
  return {
    came: () => came,
    forget: () => {
      came = false
    },
    /** Enters IDLE until there is news, it is time to look, or the connection ends (then it throws). */
    wait: async (): Promise<'news' | 'poll'> => {
      const woken = new Promise<'news' | 'poll' | Error>((resolve) => {
        wake = resolve
      })
      const timers = pollMs === undefined ? [] : [setTimeout(() => wake('poll'), pollMs)]
      // It ends with the next command, too: then this waiting is over, and the next must not be woken by it.
      let over = false
      client.idle().then(
        () => over || timers.push(setTimeout(() => wake('news'), BREATH_MS)),
        (error: Error) => over || wake(error),
      )
      const why = await woken
      over = true
      wake = () => undefined
      for (const timer of timers) clearTimeout(timer)
      if (why instanceof Error) throw why
      return why
    },
  }
}
