import {
  ATTRIBUTION_BY_NAME,
  ATTRIBUTION_ENDS,
  ATTRIBUTION_HOLDS,
  ATTRIBUTION_OPENS,
  CLOSING,
  DELIMITER,
  DEVICE,
  FORWARDED,
  HEADER_LINES,
  ORIGINAL,
  POSTSCRIPT,
  RULE,
  SUBJECT_PREFIX,
} from './mail-words.ts'

export interface MailText {
  /** What its writer has to say. */
  readonly content: string
  /** Quoted earlier messages, headers above them, signatures. Every line of the mail is in one of the two. */
  readonly aside: string
}

interface Line {
  text: string
  own: boolean
}

/**
 * Sets quotes and signatures apart, in text that `clean` has seen. What is forwarded is what its sender wants to be read: only the header
 * above it goes aside. Linear in the length of the text.
 */
export function splitMailText(text: string, forwarded = false): MailText {
  const lines = text.split('\n').map((each) => ({ text: each, own: true }))
  markQuotes(lines, forwarded)
  for (let start = 0; start < lines.length; ) {
    let end = start
    while (end < lines.length && lines[end]!.own) end++
    markSignature(lines.slice(start, end))
    start = end + 1
  }
  return { content: joined(lines, true), aside: joined(lines, false) }
}

/** A subject without what replies and forwards put in front of it, and whether the outermost of these is a forward's. */
export function splitSubject(subject: string): { readonly title: string; readonly forwarded: boolean } {
  let title = subject
  let forwarded: boolean | undefined
  for (let match = SUBJECT_PREFIX.exec(title); match; match = SUBJECT_PREFIX.exec(title)) {
    forwarded ??= match[1] !== undefined
    title = title.slice(match[0].length)
  }
  return { title: title.trim(), forwarded: forwarded ?? false }
}

const QUOTED = /^\s{0,3}>/

function markQuotes(lines: readonly Line[], forwarded: boolean): void {
  let mayForward = forwarded
  for (let i = 0; i < lines.length; ) {
    const text = lines[i]!.text.trim()
    const header = headerAt(lines, i)
    if (FORWARDED.test(text) || (mayForward && (header > 0 || ORIGINAL.test(text)))) {
      mayForward = false
      i = markForward(lines, i, header)
      continue
    }
    const heading = header || attributionAt(lines, i) || (ORIGINAL.test(text) ? 1 : 0)
    if (heading === 0) {
      lines[i]!.own = !QUOTED.test(text)
      i++
      continue
    }
    const next = written(lines, i + heading)
    // Marked line by line, what stands below or between the marked lines is an answer; else nothing but the quote follows.
    const end = QUOTED.test(lines[next]?.text ?? '') ? next : lines.length
    for (; i < end; i++) lines[i]!.own = false
  }
}

/** Sets a forward's mark and header apart, takes one level of quoting off what follows (Apple Mail); returns where that begins. */
function markForward(lines: readonly Line[], at: number, header: number): number {
  let end = at + (header || 1)
  if (header === 0) {
    const first = written(lines, end)
    for (let i = first; QUOTED.test(lines[i]?.text ?? ''); i++)
      lines[i]!.text = lines[i]!.text.replace(/^\s{0,3}> ?/, '')
    end = Math.max(end, headerEnd(lines, written(lines, first)).end)
  }
  for (let i = at; i < end; i++) lines[i]!.own = false
  return end
}

/** How many lines from here on are the header of an earlier message: a sender, then at least two more of its fields. */
function headerAt(lines: readonly Line[], at: number): number {
  const first = RULE.test(lines[at]!.text.trim()) ? written(lines, at + 1) : at
  const sender = lines[first]?.text.trim() ?? ''
  if (!HEADER_LINES[0]![1].test(sender)) return 0
  const { names, end } = headerEnd(lines, first)
  return names.size >= 3 && (names.has('subject') || sender.includes('@')) ? end - at : 0
}

/** Blank lines may stand between (HTML made into text), and folded lines. */
function headerEnd(
  lines: readonly Line[],
  first: number,
): { readonly names: ReadonlySet<string>; readonly end: number } {
  const names = new Set<string>()
  let end = first
  for (let i = first, others = 0; i < lines.length && i < first + 20 && others < 3; i++) {
    const text = lines[i]!.text.trim()
    const name = HEADER_LINES.find(([, line]) => line.test(text))?.[0]
    if (name === undefined && text !== '') others++
    if (name === undefined) continue
    // The same field again belongs to the next message.
    if (names.has(name)) break
    names.add(name)
    others = 0
    end = i + 1
  }
  return { names, end }
}

/** How many lines from here on say who wrote what is quoted below. */
function attributionAt(lines: readonly Line[], at: number): number {
  let said = ''
  for (let i = at; i < lines.length && i < at + 4; i++) {
    const text = lines[i]!.text.trim()
    said = said === '' ? text : `${said} ${text}`
    if (text === '' || said.length > 500 || QUOTED.test(text)) return 0
    if (ATTRIBUTION_BY_NAME.test(said)) return i + 1 - at
    if (!ATTRIBUTION_OPENS.test(said) && !said.includes('<')) return 0
    if (ATTRIBUTION_OPENS.test(said) && ATTRIBUTION_ENDS.test(said) && ATTRIBUTION_HOLDS.test(said)) return i + 1 - at
  }
  return 0
}

function written(lines: readonly Line[], from: number): number {
  let i = from
  while (i < lines.length && lines[i]!.text.trim() === '') i++
  return i
}

/** A signature has at most this many lines below its delimiter, below its closing words this many short ones. */
const BELOW_DELIMITER = 15
const BELOW_CLOSING = 8
const SHORT = 120

function markSignature(lines: readonly Line[]): void {
  for (const line of lines) if (DEVICE.test(line.text.trim())) line.own = false
  let start: number | undefined
  for (let i = lines.length - 1, below = 0, short = true; i >= 0 && below <= BELOW_DELIMITER; i--) {
    const text = lines[i]!.text.trim()
    if (DELIMITER.test(text) || (short && below <= BELOW_CLOSING && CLOSING.test(text))) start = i
    if (text !== '') below++
    if (text.length > SHORT) short = false
  }
  if (start === undefined || lines.slice(0, start).every(({ text }) => text.trim() === '')) return
  for (const line of lines.slice(start)) {
    if (POSTSCRIPT.test(line.text.trim())) return
    line.own = false
  }
}

function joined(lines: readonly Line[], own: boolean): string {
  return lines
    .filter((line) => line.own === own)
    .map(({ text }) => text.trimEnd())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .replace(/^\n+/, '')
    .trimEnd()
}
