import { type LinearModel, reasons, type Scored, score } from './linear.ts'
import { findAll, type Said } from './said.ts'
import { topicsOf } from './topics.ts'

export interface MatterRead {
  readonly value: string
  readonly confidence: number
  /** The likeliest first. */
  readonly ranked: readonly Scored[]
  readonly why: readonly string[]
}

/** Words that say nothing of what a matter is. */
const STOP = new Set(
  (
    'a ad admin ai anh ba bac bao ben bi ban cai cac cam can chau chi cho chu chua co con cua da dang day de den di do duoc em gi gio giup gium dum ha hay hem hoi hom i kinh khi la lai lam len luon ma may minh moi mong mot nao nay ' +
    'ne nen neu ngay nha nhe nho nhu nhung o oi on page phan phuong quan qua quy ra rat roi sao se so tai thanh thi thoi tinh toi tren trong tu tui va vao van ve vi voi xa xin xom huyen ten gui xem thay hong khong ko k ' +
    'sang chieu trua dem nam thang hai ba bon sau bay tam chin muoi nguoi dan nghi de nghi'
  ).split(' '),
)
const MOST_FEATURES = 600

export interface Span {
  readonly start: number
  readonly end: number
}

/**
 * Topics, single words and pairs of neighbours within a sentence, without figures; what the sender picked is one more. `aside`: names of places and
 * persons, in the order of the text, which say nothing of what a matter is.
 */
export function featuresOf(said: Said, picked?: string, aside: readonly Span[] = []): string[] {
  const topics = topicsOf(said).map((topic) => `#${topic}`)
  const features: string[] = [
    ...topics,
    ...topics,
    ...topics,
    ...topics,
    ...(picked === undefined ? [] : [`pick=${picked}`, `pick=${picked}`]),
  ]
  const seen = new Set<string>()
  let before = ''
  const hidden = hiddenIn(said, aside)
  let n = 0
  for (const word of said.flat.split(' ')) {
    if (word === '' || word === ',') continue
    if (word !== '|' && hidden[n++] === 1) {
      before = ''
      continue
    }
    if (word === '|') {
      before = ''
      continue
    }
    const plain = /^[a-z]+$/.test(word)
    if (plain && !STOP.has(word) && word.length > 1) add(word)
    if (plain && before !== '') add(`${before} ${word}`)
    before = plain ? word : ''
  }
  return features.slice(0, MOST_FEATURES)

  function add(feature: string) {
    if (seen.has(feature)) return
    seen.add(feature)
    features.push(feature)
  }
}

/** By word, 1 where it belongs to a name. */
function hiddenIn({ words, source }: Said, aside: readonly Span[]): Uint8Array {
  const hidden = new Uint8Array(words.length)
  for (const { start, end } of aside)
    for (let i = 0; i < words.length; i++)
      if (source.at[words[i]!.start]! >= start && source.at[words[i]!.start]! < end) hidden[i] = 1
  return hidden
}

/** Which of the fifteen fields a matter belongs to. */
export function readMatter(
  said: Said,
  model: LinearModel,
  { picked, aside }: { readonly picked?: string | undefined; readonly aside: readonly Span[] },
): MatterRead | undefined {
  const features = featuresOf(said, picked, aside)
  const ranked = score(model, features)
  const [best] = ranked
  if (best === undefined || features.length === 0) return undefined
  return {
    value: best.value,
    confidence: best.probability,
    ranked: ranked.slice(0, 5),
    why: reasons(model, features, best.value),
  }
}

/** Words that tell of a matter at all: without any, somebody asks for help and does not say with what. */
const VAGUE =
  / (?:xem giup|xu ly giup|xu ly gium|nho xu ly|giup do|giup voi|kho lam|kho qua|giai quyet giup|cai nay|vu nay|viec nay|chuyen nay|alo|nghe khong|hello|hi|chao|ad oi|page oi|admin oi|help|can giup|giup em|giup toi|giup minh|giup ba con)(?= )/g

/** Whether a text says what is the matter. */
export function saysMatter(said: Said, matter: MatterRead | undefined): boolean {
  const words = said.folded.filter((word) => /^[a-z]{2,}$/.test(word) && !STOP.has(word))
  if (words.length === 0) return false
  if (words.length >= 12) return true
  let vague = 0
  for (const found of findAll(said, VAGUE)) vague += found.words.split(' ').length
  const telling = words.length - vague
  if (telling >= 5) return vague === 0 || telling >= 7 || (matter?.why.length ?? 0) > 2
  return vague === 0 && telling >= 2 && (matter?.why.length ?? 0) > 0
}
