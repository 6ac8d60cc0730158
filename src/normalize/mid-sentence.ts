import { fold } from './text.ts'

/** Letters in one text message, alone and as a part of several, in GSM-7 and UCS-2 (3GPP TS 23.040 §9.2.3.24.1): old phones cut there. */
const CUTS = [160, 153, 70, 67] as const
/** A word is not cut: what does not fit goes to the next part whole. */
const A_WORD = 7

/** Words after which nobody ends, and those of them that say the same without accents. */
const JOINING = new Set(
  'và hoặc nhưng mà ở tại đến từ của với vì nên thì là khi nếu bị đang sẽ rất cùng các những'.split(' '),
)
const PLAIN = new Set('va hoac nhung tai cua voi vi nen thi khi neu bi dang cac o'.split(' '))

/** Does a text end, in its last line, where no sentence ends: at a comma, at a word that joins, or where an old phone cuts its messages? */
export function endsMidSentence(text: string): boolean {
  const end = text.trimEnd().split('\n').at(-1)!
  if (end === '' || /[.!?…]["”’)]?$/u.test(end)) return false
  if (/[,;:(–-]$/u.test(end)) return true
  const { length } = [...end]
  const cut = CUTS.some((size) => length % size > size - A_WORD || (length % size === 0 && length >= size))
  const word = end.toLowerCase().split(' ').at(-1)!
  return cut || (fold(end) === end.toLowerCase() ? PLAIN : JOINING).has(word)
}
