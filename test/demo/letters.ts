import { simpleParser } from 'mailparser'
import letterWords from '../../locales/vi/letter.json' with { type: 'json' }
import type { MailWorld } from '../support/mail/world.ts'

/** A letter of ours, as the mail program of a citizen reads it. */
export interface Letter {
  readonly raw: string
  readonly code: string
  readonly event: string
  readonly messageId: string
  readonly inReplyTo: string | undefined
  readonly references: readonly string[]
  readonly replyTo: string
  /** Opens the reporter's view. */
  readonly link: string
}

/** What somebody has got, in order of arrival. */
export interface Inboxes {
  of(address: string): Promise<readonly Letter[]>
}

/** Each letter is read once, however often its inbox is looked into. */
export function openInboxes(world: Pick<MailWorld, 'inboxOf'>): Inboxes {
  const read = new Map<string, Promise<Letter>>()
  return {
    of: async (address) => {
      const received = await world.inboxOf(address)
      return Promise.all(
        received.map(({ raw }) => {
          if (!read.has(raw)) read.set(raw, readLetter(raw))
          return read.get(raw)!
        }),
      )
    },
  }
}

async function readLetter(raw: string): Promise<Letter> {
  const mail = await simpleParser(Buffer.from(raw, 'latin1'))
  const { subject = '', text = '' } = mail
  const code = /^\[([^\]]+)\]/.exec(subject)?.[1] ?? ''
  const says = Object.entries(letterWords.subject).find(([, words]) => words.replace('{{code}}', code) === subject)
  return {
    raw,
    code,
    event: says?.[0] ?? subject,
    messageId: mail.messageId ?? '',
    inReplyTo: mail.inReplyTo,
    references: [mail.references ?? []].flat(),
    replyTo: mail.replyTo?.value[0]?.address ?? '',
    link: /https?:\S+\/api\/v1\/reports\/\S+/.exec(text)?.[0] ?? '',
  }
}
