import { findCodes } from '../../normalize/code.ts'
import { splitMailText, splitSubject } from '../../normalize/mail-text.ts'
import type { Attachment, Contact, Envelope, Item, Submitted, Unreadable } from '../channel.ts'
import { type Body, readBody } from './body.ts'
import { type Address, firstAddress } from './headers.ts'
import { keysOf } from './keys.ts'
import { findTokens } from './marks.ts'
import { type Mail, readParts, TooMuch } from './mime.ts'
import { readReceipt } from './receipt.ts'
import { isNoReply, whyAside } from './set-aside.ts'
import type { EmailSettings } from './settings.ts'

/** One mail is one item. */
export async function readMail(envelope: Envelope, settings: EmailSettings): Promise<readonly Item[] | Unreadable> {
  const { event, body: source } = envelope
  if (source.length > settings.maxBytes) return { unreadable: `more than ${settings.maxBytes} bytes` }
  try {
    return [await toItem(event, await readParts(source), settings)]
  } catch (error) {
    if (!(error instanceof TooMuch)) throw error
    return { unreadable: error.message }
  }
}

async function toItem(event: string, mail: Mail, { address }: EmailSettings): Promise<Item> {
  const body = await withForwarded(mail, readBody(mail))
  const base = { event, keys: keysOf(event, mail, body) }
  const tokens = findTokens(mail.headers.raw(...REFERRING).join('\n'))
  const receipt = readReceipt(mail, body, tokens)
  if (receipt !== undefined) return { ...base, item: 'receipt', ...receipt }
  const from = firstAddress(mail.headers.raw('from')[0])
  const subject = mail.headers.first('subject') ?? ''
  const submitted: Submitted = {
    ...base,
    item: 'submitted',
    sender: senderOf(mail, from),
    ...textOf(body, subject),
    identitySecret: false,
    contentSecret: false,
    files: [],
    ...threadOf(mail, tokens, subject),
  }
  const { title } = splitSubject(subject)
  const reason = whyAside({ mail, body, title, from: from?.email, tokens, address })
  return reason === undefined
    ? submitted
    : { ...base, item: 'ignored', reason, ...(reason !== 'empty' && { as: submitted }) }
}

/** Where Message-IDs and addresses of ours come back. Which of the address headers a server writes differs. */
const REFERRING = [
  ...['in-reply-to', 'references', 'to', 'cc', 'resent-to'],
  ...['delivered-to', 'x-original-to', 'original-recipient', 'envelope-to', 'x-envelope-to', 'x-forwarded-to'],
]

/** Forwarded as an attachment and nothing said about it: what it says is the matter. The attachment stays. */
async function withForwarded({ root, files }: Mail, body: Body): Promise<Body> {
  const attached = body.text === '' ? files.find(({ type }) => type === 'message/rfc822') : undefined
  if (attached === undefined || root.contentType === 'multipart/report') return body
  const { text } = readBody(await readParts(attached.bytes))
  return { ...body, text }
}

function senderOf({ headers }: Mail, from: Address | undefined): Contact {
  const answerTo = firstAddress(headers.raw('reply-to')[0])
  const person = from?.email !== undefined && isNoReply(from.email) && answerTo?.email !== undefined ? answerTo : from
  return {
    ...(person?.name !== undefined && { name: person.name }),
    ...(person?.email !== undefined && { email: person.email }),
  }
}

const MOST_TITLE = 300
/** What an officer can read and a search take; more of it is a file. */
const MOST_CONTENT = 50_000

function textOf(body: Body, subject: string): Pick<Submitted, 'title' | 'content' | 'aside' | 'attachments'> {
  const { title, forwarded } = splitSubject(subject)
  const split = splitMailText(body.text, forwarded)
  // A photo below a quoted letter says enough; where there is nothing else, what looks like a quote is what was meant.
  const { content, aside } =
    split.content === '' && body.files.length === 0 ? { content: body.text || title, aside: '' } : split
  const long = content.length > MOST_CONTENT || aside.length > MOST_CONTENT
  const files: readonly Attachment[] = long
    ? [...body.files, { name: 'noi-dung.txt', type: 'text/plain; charset=utf-8', bytes: Buffer.from(body.text) }]
    : body.files
  return {
    ...(title !== '' && { title: cut(title, MOST_TITLE) }),
    content: cut(content, MOST_CONTENT),
    ...(aside !== '' && { aside: cut(aside, MOST_CONTENT) }),
    ...(files.length > 0 && { attachments: files }),
  }
}

function cut(text: string, most: number): string {
  return text.length > most ? text.slice(0, most).replace(/[\uD800-\uDBFF]$/, '') : text
}

/** RFC 5322 §3.6.4, without blanks or anything else that could end a header. */
const MESSAGE_ID = /<[!-;=?-~]{3,500}>/

function threadOf(
  { headers }: Mail,
  tokens: readonly string[],
  subject: string,
): Pick<Submitted, 'thread' | 'answers'> {
  const thread = MESSAGE_ID.exec(headers.first('message-id') ?? '')?.[0]
  const codes = findCodes(subject)
  return {
    ...(thread !== undefined && { thread }),
    ...(tokens.length + codes.length > 0 && { answers: { tokens, codes } }),
  }
}
