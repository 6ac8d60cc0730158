import { createHash } from 'node:crypto'
import type { Body } from './body.ts'
import type { Mail } from './mime.ts'

/**
 * Every id under which the same mail may come again: its place in the mailbox, and its Message-ID with a hash of what it says. The hash is over
 * what no server on the way changes: sender, subject, date, and the parts with their encodings taken off. Message-IDs are not unique by
 * themselves (broken senders use one for all), so the hash goes with it. Without a Message-ID the hash stands alone: two people
 * differ in the sender, two mails of one person in date, subject or text; what differs in none of them is taken for the same.
 */
export function keysOf(event: string, { headers: { first }, files }: Mail, { written }: Body): readonly string[] {
  const parts = [...written, ...files.map(({ type, sha256 }) => [type, sha256])]
  const content = createHash('sha256')
    .update(JSON.stringify([first('from'), first('subject'), first('date'), parts]))
    .digest('hex')
  return [`uid:${event}`, `mid:${first('message-id') ?? ''}:${content}`]
}
