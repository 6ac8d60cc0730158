/** https://developers.facebook.com/docs/messenger-platform/reference/send-api/ : "must be UTF-8 and has a 2000 character limit". */
const MOST_LETTERS = 2000

/** Several messages, cut between lines or words; together they are the whole text. */
export function split(text: string): readonly string[] {
  const parts: string[] = []
  let rest = text.trim()
  while (rest.length > MOST_LETTERS) {
    const end = cutAt(rest)
    parts.push(rest.slice(0, end).trimEnd())
    rest = rest.slice(end).trimStart()
  }
  return [...parts, rest]
}

/** Where only one message may be sent: as much as there is room for, and the last word, which is the link to the whole. */
export function shorten(text: string): string {
  const whole = text.trim()
  if (whole.length <= MOST_LETTERS) return whole
  const link = /\S{1,500}$/.exec(whole)?.[0] ?? ''
  const room = whole.slice(0, MOST_LETTERS - link.length - ' … '.length)
  return `${room.slice(0, wordEnd(room)).trimEnd()} … ${link}`
}

function cutAt(text: string): number {
  const room = text.slice(0, MOST_LETTERS + 1)
  const line = room.lastIndexOf('\n')
  return line > MOST_LETTERS / 2 ? line : wordEnd(room)
}

/** Never after the first half of a surrogate pair, which the other half would follow in the next message. */
function wordEnd(room: string): number {
  const space = room.search(/\s\S*$/)
  if (space > 0) return space
  const end = Math.min(room.length, MOST_LETTERS)
  return /[\uD800-\uDBFF]/.test(room.charAt(end - 1)) ? end - 1 : end
}
