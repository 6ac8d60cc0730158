/** What stands for what in the templates of a gateway's settings. */
export interface Values {
  /** E.164: +84912345678. */
  readonly to: string
  readonly text: string
  /** The same in every attempt at the same message, for gateways that look for it. */
  readonly id: string
  readonly secret: string
}

type Escaping = (value: string) => string

const NAMES = {
  to: ({ to }) => to,
  toDigits: ({ to }) => to.replace('+', ''),
  toNational: ({ to }) => to.replace(/^\+84/, '0'),
  text: ({ text }) => text,
  id: ({ id }) => id,
  secret: ({ secret }) => secret,
} as const satisfies Readonly<Record<string, (values: Values) => string>>

const PLACE = /\{\{ ?([^{}]*?) ?\}\}/g

export function isTemplate(template: string): boolean {
  return Array.from(template.matchAll(PLACE)).every(([, name]) => Object.hasOwn(NAMES, name!))
}

/** Each value is escaped for where it stands: no text of a notice can end a string or begin a field. */
export function fill(template: string, values: Values, escaped: Escaping): string {
  return template.replace(PLACE, (_, name: keyof typeof NAMES) => escaped(NAMES[name](values)))
}

export const inUrl: Escaping = encodeURIComponent

/** A header takes no line break and no letter beyond Latin-1 (RFC 9110 §5.5). */
export const inHeader: Escaping = (value) => value.replace(/[^\x20-\x7e]/g, '')

export function inBody(contentType: string): Escaping {
  if (/\bjson\b/i.test(contentType)) return (value) => JSON.stringify(value).slice(1, -1)
  if (/\bx-www-form-urlencoded\b/i.test(contentType)) return encodeURIComponent
  if (/\bxml\b/i.test(contentType)) return inXml
  return (value) => value
}

const XML = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' } as const
const inXml: Escaping = (value) => value.replace(/[&<>"']/g, (sign) => XML[sign as keyof typeof XML])
