import { compile } from 'html-to-text'

/** Open elements above which the converter is slow (its stack is the front of an array) and then overflows. Chrome flattens at 512. */
const MOST_DEPTH = 500

const convert = compile({
  wordwrap: false,
  limits: { maxInputLength: Number.POSITIVE_INFINITY },
  selectors: [
    { selector: 'img', format: 'skip' },
    // A link may be the only place that a matter has: a map.
    { selector: 'a', options: { hideLinkHrefIfSameAsText: true } },
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
    // Most tables of mails are layout: a cell a line keeps words apart.
    { selector: 'table', format: 'block' },
    { selector: 'tr', format: 'block', options: { leadingLineBreaks: 1, trailingLineBreaks: 1 } },
    { selector: 'td', format: 'block', options: { leadingLineBreaks: 1, trailingLineBreaks: 1 } },
    { selector: 'th', format: 'block', options: { leadingLineBreaks: 1, trailingLineBreaks: 1 } },
  ],
})

/** HTML as a person reads it, quotes marked with `>`. */
export function htmlToText(html: string): string {
  return isDeep(html) ? stripped(html) : convert(html)
}

/** Elements that close by themselves, or that may be left open. */
const NOT_NESTED = new Set(
  'area base br col embed hr img input link meta param source track wbr p li dt dd option optgroup tr td th thead tbody tfoot'.split(
    ' ',
  ),
)

/** As the converter's parser nests: an end closes down to the nearest element of its name, and nothing where none is open. */
function isDeep(html: string): boolean {
  const open: string[] = []
  for (const [, slash, tag] of html.matchAll(/<(\/?)([a-z][a-z0-9:-]{0,40})/gi)) {
    const name = tag!.toLowerCase()
    if (NOT_NESTED.has(name)) continue
    if (slash === '') open.push(name)
    else if (open.includes(name)) open.length = open.lastIndexOf(name)
    if (open.length > MOST_DEPTH) return true
  }
  return false
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: ' ' }

/** The words of what is no sound HTML. */
function stripped(html: string): string {
  return html
    .replace(/<[^<>]*>/g, '\n')
    .replace(/&(amp|lt|gt|quot|nbsp);/g, (_, name: string) => ENTITIES[name]!)
    .replace(/&#(\d{1,6});/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replace(/\n{2,}/g, '\n')
}

/** Pictures written into the HTML itself, and the HTML without them: they are most of its length. */
export function takePictures(html: string): {
  readonly html: string
  readonly pictures: readonly { type: string; bytes: Buffer }[]
} {
  const pictures: { type: string; bytes: Buffer }[] = []
  const rest = html.replace(
    /data:(image\/[a-z0-9.+-]{1,40});base64,([a-z0-9+/=\s]*)/gi,
    (_, type: string, base64: string) => {
      pictures.push({ type: type.toLowerCase(), bytes: Buffer.from(base64, 'base64') })
      return `cid:${pictures.length}.written-in`
    },
  )
  return { html: rest, pictures }
}

/** Content-IDs of the parts that a HTML shows. */
export function shownIds(html: string): string[] {
  return Array.from(html.matchAll(/cid:([^"'\s<>)]{1,256})/gi), (match) => match[1]!)
}
