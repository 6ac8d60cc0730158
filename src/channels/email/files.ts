import libmime from 'libmime'
import { clean } from '../../normalize/text.ts'
import type { Attachment } from '../channel.ts'
import type { MailFile } from './mime.ts'

/** Proofs of a mail's origin: nothing to look at. */
const SIGNATURES = new Set([
  'application/pkcs7-signature',
  'application/x-pkcs7-signature',
  'application/pgp-signature',
])
/** A picture that the text shows is a logo, a line or a tracking pixel below this size: the smallest photo of a phone has some 20 kB. */
const DECORATION_BYTES = 5 * 1024
/** As cameras, phones, Zalo and screenshots name theirs. */
const PHOTO = /^(?:img|dsc|pxl|pic|photo|screenshot|received|z\d{6}|ảnh|hình)/i

export type FileSource = Pick<MailFile, 'type' | 'bytes'> &
  Partial<Pick<MailFile, 'name' | 'disposition' | 'contentId'>> & { readonly written?: true }

/** What a file of a mail is beside the report; undefined where it is none. `nth` names what has no name. */
export function toAttachment(file: FileSource, nth: number, shown: ReadonlySet<string>): Attachment | undefined {
  const { type, bytes } = file
  if (bytes.length === 0 || SIGNATURES.has(type)) return undefined
  const name = fileName(file, nth)
  if (isDecoration(file, name, shown)) return undefined
  return { name, type, bytes }
}

function isDecoration(
  { type, bytes, disposition, contentId, written }: FileSource,
  name: string,
  shown: ReadonlySet<string>,
): boolean {
  const inText = written === true || disposition === 'inline' || (contentId !== undefined && shown.has(contentId))
  return type.startsWith('image/') && inText && bytes.length < DECORATION_BYTES && !PHOTO.test(name)
}

const MOST_NAME = 150

/** A name that stays in its folder on every system; where there is none, one by type. */
function fileName({ type, name }: FileSource, nth: number): string {
  const base = clean(name ?? '')
    .replace(/[\n\t]/g, ' ')
    .split(/[\\/]/)
    .at(-1)!
    .replace(/[<>:"|?*]/g, '_')
    .replace(/^[\s.]+|[\s.]+$/g, '')
  if (base === '') return `${type.startsWith('image/') ? 'anh' : 'tep'}-${nth}.${extensionOf(type)}`
  if (base.length <= MOST_NAME) return base
  const extension = /\.[^.]{1,10}$/.exec(base)?.[0] ?? ''
  return base.slice(0, MOST_NAME - extension.length).replace(/[\uD800-\uDBFF]$/, '') + extension
}

function extensionOf(type: string): string {
  return type === 'message/rfc822' ? 'eml' : libmime.detectExtension(type)
}
