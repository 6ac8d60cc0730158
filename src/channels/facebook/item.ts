import { z } from 'zod'
import type { Ignored, RemoteFile, Submitted } from '../channel.ts'

/** Meta's ids: a number can only stand for one where it is written without loss. */
export const Id = z
  .union([z.string(), z.int().nonnegative().transform(String)])
  .pipe(z.string().regex(/^[!-~]{1,300}$/))

/** The longest post that Facebook takes has 63,206 letters. */
const MOST_CONTENT = 63_206

export const Text = z.string().transform((text) => text.slice(0, MOST_CONTENT))

export const Person = z.object({ id: Id, name: z.string().max(500).optional().catch(undefined) })
export type Person = z.output<typeof Person>

const LAST_MS = Date.UTC(2100, 0)
export const Milliseconds = z.int().min(0).max(LAST_MS).transform(toIso)
export const Seconds = z
  .int()
  .min(0)
  .max(LAST_MS / 1000)
  .transform((seconds) => toIso(seconds * 1000))

function toIso(ms: number): string {
  return new Date(ms).toISOString()
}

/**
 * The keys under which everything comes again, by webhook or asked for. A `mid` is the message's id in the Graph API with or without `m_`:
 * https://developers.facebook.com/documentation/business-messaging/messenger-platform/conversations
 */
export const messageKey = (mid: string): string => `m:${bareMid(mid)}`
export const commentKey = (id: string): string => `c:${id}`
export const postKey = (id: string): string => `p:${id}`

export function bareMid(mid: string): string {
  return mid.replace(/^m_/, '')
}

type Given = Pick<Submitted, 'event' | 'keys' | 'sender' | 'content'> & Partial<Submitted>

export function submitted(given: Given): Submitted {
  return { item: 'submitted', identitySecret: false, contentSecret: false, files: [], ...given }
}

export function ignored(event: string, reason: string, as?: Submitted): Ignored {
  return { item: 'ignored', event, keys: as?.keys ?? [event], reason, ...(as !== undefined && { as }) }
}

export function person(given: Person | undefined): Submitted['sender'] {
  if (given === undefined) return {}
  return { provider: given.id, ...(given.name !== undefined && given.name !== '' && { name: given.name }) }
}

/** By the name in its link, which stands before the signature: `…/v/t1.15752-9/1234_n.jpg?stp=…`. */
export function remoteFile(ref: string, kind: string): RemoteFile {
  const name = URL.canParse(ref) ? new URL(ref).pathname.split('/').at(-1) : undefined
  return { ref, name: name !== undefined && /^[\w.-]{1,200}$/.test(name) && name.includes('.') ? name : kind }
}
