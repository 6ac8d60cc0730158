import { ABSENT, NO_REPLY } from '../../normalize/mail-words.ts'
import type { Body } from './body.ts'
import { isOurAddress, NOTICE_HEADER } from './marks.ts'
import type { Mail } from './mime.ts'
import { isMailServer } from './receipt.ts'

/** Keys of `locales/*\/aside.json`. */
export type Aside = 'own-mail' | 'auto-reply' | 'system' | 'list' | 'empty'

interface Seen {
  readonly mail: Mail
  readonly body: Body
  readonly title: string
  readonly from: string | undefined
  readonly tokens: readonly string[]
  readonly address: string
}

/** Why a mail is no person's word to us. An officer sees it and can say that it is one all the same. */
export function whyAside(seen: Seen): Aside | undefined {
  const { mail, body, title, from, address } = seen
  const { first } = mail.headers
  if (first(NOTICE_HEADER.toLowerCase()) !== undefined || (from !== undefined && isOurAddress(from, address)))
    return 'own-mail'
  if (isAutoReply(mail)) return 'auto-reply'
  if (isSystem(mail, from)) return 'system'
  if (isList(seen)) return 'list'
  return body.text === '' && body.files.length === 0 && title === '' ? 'empty' : undefined
}

/** RFC 3834 §5 and what came before it. */
function isAutoReply({ headers: { first }, root }: Mail): boolean {
  const submitted = first('auto-submitted')?.toLowerCase() ?? 'no'
  if (!/^no\b/.test(submitted)) return true
  if (['x-autoreply', 'x-autorespond', 'x-autoresponder'].some((name) => first(name) !== undefined)) return true
  if (/^auto[_-]?reply$/i.test(first('precedence') ?? '')) return true
  // A receipt that somebody has opened our letter (RFC 8098).
  if (root.contentType === 'multipart/report' && /disposition-notification/i.test(first('content-type') ?? ''))
    return true
  // Exchange puts the header on people's mail too: it takes the subject to tell.
  const subject = first('subject') ?? ''
  return ABSENT.test(subject) && (first('x-auto-response-suppress') !== undefined || /^[^:]{0,40}:/.test(subject))
}

/** A web form writes as no-reply and names its user in Reply-To: that is a person. */
export function isNoReply(email: string): boolean {
  return NO_REPLY.test(email)
}

function isSystem({ headers, root }: Mail, from: string | undefined): boolean {
  if (root.contentType === 'multipart/report' || isMailServer(headers.first('from') ?? '')) return true
  return from !== undefined && isNoReply(from) && headers.first('reply-to') === undefined
}

/**
 * Mailing lists (RFC 2369, RFC 2919) and advertising. Two are none: a list that is our own address (a group of a mail service that hands
 * everything on to this mailbox puts these headers on every citizen's mail), and an answer to a letter of ours.
 */
function isList({ mail, tokens, address }: Seen): boolean {
  const { first } = mail.headers
  const { list, unsubscribe } = {
    list: ['list-id', 'list-post', 'mailing-list'].map(first).filter((mark) => mark !== undefined),
    unsubscribe: first('list-unsubscribe'),
  }
  const bulk = /^(?:bulk|list|junk)$/i.test(first('precedence') ?? '')
  if (list.length === 0 && unsubscribe === undefined && !bulk) return false
  // Not in List-Unsubscribe: there every newsletter names whom it was sent to.
  const ours = [address, address.replace('@', '.')]
  return tokens.length === 0 && !list.some((mark) => ours.some((name) => mark.toLowerCase().includes(name)))
}
