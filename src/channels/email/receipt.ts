import { mask } from '../../normalize/mask.ts'
import { clean } from '../../normalize/text.ts'
import type { Receipt } from '../channel.ts'
import type { Body } from './body.ts'
import { findTokens } from './marks.ts'
import type { Mail } from './mime.ts'

type Word = Pick<Receipt, 'receipt' | 'tokens' | 'text'>

/** A mail server's word about a letter of ours: a delivery status notification (RFC 3464), or what older servers write instead. */
export function readReceipt(mail: Mail, body: Body, tokens: readonly string[]): Word | undefined {
  const status = mail.files.find(
    ({ type }) => type === 'message/delivery-status' || type === 'message/global-delivery-status',
  )
  const word = status === undefined ? wordInText(mail, body) : wordInStatus(status.bytes.toString('utf8'))
  if (word === undefined) return undefined
  // Their letter inside, whole or its headers alone, has our Message-ID; the recipient of the bounce is our signed address.
  const inside = [...body.written, ...mail.files.map(({ bytes }) => bytes.toString('latin1'))]
  const found = [...new Set([...tokens, ...inside.flatMap(findTokens)])]
  // Where it is no standard one, only a mark of ours tells it from a person's mail.
  return status === undefined && found.length === 0 ? undefined : { ...word, tokens: found }
}

/** RFC 3464 §2.3: a block for each recipient. Ours have one. */
function wordInStatus(status: string): Omit<Word, 'tokens'> | undefined {
  const field = (name: string): string | undefined =>
    new RegExp(`^${name}[ \\t]*:[ \\t]*(.*(?:\\r?\\n[ \\t].*)*)`, 'im').exec(status)?.[1]?.replace(/\s+/g, ' ').trim()
  const action = field('action')?.toLowerCase()
  const code = field('status') ?? ''
  const kind = action?.startsWith('failed') ? 'bounced' : action?.startsWith('delayed') ? 'delayed' : undefined
  const receipt = kind ?? (action === undefined ? kindOf(code) : undefined)
  return receipt && { receipt, text: shown(`${code} ${field('diagnostic-code') ?? action ?? ''}`) }
}

/** RFC 3463: 5 for ever, 4 for now. */
function kindOf(text: string): Receipt['receipt'] | undefined {
  if (/\b5\.\d{1,3}\.\d{1,3}\b|\b55\d\b/.test(text)) return 'bounced'
  return /\b4\.\d{1,3}\.\d{1,3}\b|\b4[25]\d\b/.test(text) ? 'delayed' : undefined
}

const SAYS_WHY = /\b[45](?:\.\d{1,3}\.\d{1,3}|\d\d)\b/

function wordInText({ headers: { first } }: Mail, { text }: Body): Omit<Word, 'tokens'> | undefined {
  const failed = first('x-failed-recipients') !== undefined
  if (!failed && !isMailServer(first('from') ?? '')) return undefined
  const head = text.slice(0, 5000)
  const receipt = kindOf(head) ?? (failed ? 'bounced' : undefined)
  return receipt && { receipt, text: shown(head.split('\n').find((line) => SAYS_WHY.test(line)) ?? head) }
}

/** `<>` too: the null sender (RFC 5321 §4.5.5). */
export function isMailServer(from: string): boolean {
  return /(?:^|[<\s"])(?:mailer-daemon|postmaster|mail-?daemon)@|mail delivery (?:sub)?system|<>/i.test(from)
}

/** Names the address that it could not reach: that is the reporter's. */
function shown(text: string): string {
  return mask(clean(text).replace(/\s+/g, ' ').trim().slice(0, 300))
}
