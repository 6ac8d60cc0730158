import { BIRTH_ORDER, GIVEN } from './given-names.ts'
import { cleanName, isSurname } from './name.ts'
import { findAll, type Said, spanOf } from './said.ts'

export interface NameFound {
  /** As it is written, titles off. */
  readonly value: string
  readonly confidence: number
  readonly start: number
  readonly end: number
}

const SELF = '(?:toi|tui|em|minh|con|chau|chi|anh|co|chu|bac|ong|ba|di|cau|tao|to|e|a|c)'
/** "em tên là …", "họ tên: …", "người viết: …". */
const CALLED = new RegExp(
  ` (?:(?:${SELF} )?(?:ho va ten|ho ten|ten)(?: (?:cua )?(?:toi|tui|em|minh|chau|con))? (?:la |: )?|${SELF} ten la |nguoi (?:viet|lam don|phan anh|gui|bao) (?:la )?(?:, )?|ky ten (?:, )?)(?=\\S)`,
  'g',
)
/** "Hiệu trưởng Dương …", "Giám đốc: …". */
const OFFICE =
  / (?:hieu truong|giam doc|truong phong|pho phong|bi thu|pho bi thu|chu tich|chi hoi truong|to truong|truong thon|truong ban|chu ho|dai dien|nguoi dai dien|chu tiem|chu quan) (?:, )?(?=\S)/g
/** "Tôi Y Djuang …": where capitals tell a name. */
const MYSELF = / (?:toi|tui|em|minh) (?=\S)/g
/** "tôi là …", "anh là Dũng đây": said of oneself, and of much else. */
const IS = new RegExp(` ${SELF} (?:la|lai) (?=\\S)`, 'g')
/** "Hà - 0918…", "Lan Anh 0904…", "Danh, sđt …": a name before a number. */
const BEFORE_PHONE =
  / (?=\S+(?: \S+){0,4}? (?:, )?(?:(?:sdt|dt|so|so dien thoai|dien thoai|tel|di dong|zalo|lh|mobile) (?:, )?)?(?:0|84|\+84)\d)/g

/** Names by which a writer calls himself, likeliest first not assured. `signed`: the last lines may be no more than a name. */
export function findNames(said: Said, signed: boolean): NameFound[] {
  const found: NameFound[] = []
  const add = (first: number, confidence: number, strict: boolean) => {
    const name = nameAt(said, first, strict)
    if (name !== undefined) found.push({ ...name, confidence })
  }
  for (const { last, words } of findAll(said, CALLED))
    if (isOwn(said, words, last)) add(skipped(said, last + 1), 0.9, false)
  for (const { last } of findAll(said, IS)) add(last + 1, 0.75, true)
  for (const { last } of findAll(said, OFFICE)) add(last + 1, 0.86, true)
  for (const { last } of findAll(said, MYSELF)) if (isCapital(said, last + 1)) add(last + 1, 0.72, true)
  for (const at of answered(said)) add(at, 0.85, false)
  for (const at of beforePhones(said)) add(at, 0.82, true)
  if (signed) for (const at of signatures(said)) add(at.first, at.confidence, true)
  return found
}

/** "là", a colon, a form of address between "tên" and the name. */
function skipped({ folded }: Said, at: number): number {
  let first = at
  while (/^(?:la|em|minh|toi)$/.test(folded[first] ?? '') && first < at + 2) first++
  return first
}

/** "tên quán", "tên công ty", "không nêu tên" are no names of the writer. */
function isOwn({ folded }: Said, words: string, last: number): boolean {
  const first = last - words.split(' ').filter((word) => word !== ',').length + 1
  const before = folded[first - 1] ?? ''
  return !/^(?:neu|giau|ghi|noi|xin|khong|dung|tiet|co|cai|an|mang|doi|ky|giong|thay|quan|ty|duong|shop|truong|tram|hem|nha|vien|cau|cho|app|page|tiem|hang|xa|ap|ban)$/.test(
    before,
  )
}

const ANSWER_LEAD =
  /^ (?:da |vang |a |u |uh |thi |alo )*(?:(?:toi|tui|em|minh|con|chau|chi|anh|co|chu|bac|ong|ba) (?:ten |la |ten la )?)?(?=\S)/
/** Who speaks. */
const LABEL = /^ [^ ]+ , /

const wordsIn = (flat: string): number => flat.split(' ').filter((word) => word !== '' && word !== ',').length

/** What a caller says first after they were asked for their name: lines of a transcript, `operator: …` and `citizen: …`. */
function answered(said: Said): number[] {
  const lines = said.flat.split(' | ')
  const found: number[] = []
  let at = 0
  for (let i = 0; i + 1 < lines.length; i++) {
    const line = ` ${lines[i]!.trim()} `
    at += wordsIn(lines[i]!)
    if (
      !/ (?:ten gi|cho em xin (?:ho )?ten|xin ten|ten la gi|xin ho ten|cho xin (?:ho )?ten|xin ho va ten|ten anh|ten chi|ho ten day du)(?: |$)/.test(
        line,
      )
    )
      continue
    const next = ` ${lines[i + 1]!.trim()} `
    const [label = ''] = LABEL.exec(next) ?? []
    const lead = ANSWER_LEAD.exec(` ${next.slice(label.length).trimStart()}`)?.[0] ?? ''
    if (label !== '') found.push(at + wordsIn(label) + wordsIn(lead))
  }
  return found
}

function beforePhones(said: Said): number[] {
  const found: number[] = []
  for (const match of said.flat.matchAll(BEFORE_PHONE)) {
    const at = said.starts.indexOf(match.index + 1)
    const before = said.flat.slice(Math.max(0, match.index - 2), match.index + 1)
    if (at >= 0 && (before.includes('|') || before.includes(',') || match.index === 0)) found.push(at)
  }
  return found
}

/** The last sentence or lines, where they begin with a name: "Nguyen Huu Tho, TDP 3", "BS. Đoàn Thị Hải Yến – 0983…". */
function signatures(said: Said): { readonly first: number; readonly confidence: number }[] {
  const { words, source } = said
  const begins = [0]
  for (let i = 1; i < words.length; i++) {
    const gap = source.text.slice(source.at[words[i - 1]!.end], source.at[words[i]!.start])
    if (/[.!?…]\s|\n|\s[-–—|]\s|[.!?]$/.test(gap) && !isTitleDot(said, i - 1, gap)) begins.push(i)
  }
  const last = begins.slice(-6)
  return last.flatMap((first, k) => {
    const end = last[k + 1] ?? words.length
    const size = end - first
    if (first === 0 && begins.length > 1 && size > 12) return []
    if (size > 12) return []
    return [{ first, confidence: k === last.length - 1 ? 0.72 : 0.7 }]
  })
}

/** "BS. Yến", "DS. Tâm", "N.P. Hổ". */
function isTitleDot({ folded }: Said, i: number, gap: string): boolean {
  return /^\.\s?$/.test(gap) && /^(?:bs|ds|ths|ts|gs|pgs|ks|ls|ong|ba|mr|mrs|ms|[a-z])$/.test(folded[i]!)
}

const TITLES = new Set(
  'ong ba chi co chu bac cau di mo thim anh em bs ds ths ts gs pgs ks ls mr mrs ms dc tm kt tl'.split(' '),
)
/** What ends a name in a text without capitals. */
const ENDS = new Set(
  (
    'so dien nha o ma nhanh nghe keu day do a nay no quan em anh chi co chu bac con chau da la thi goi bao hoi ne nhe gium dum giup di oi luon voi cho tai tren tu ngu tru ban buon thon xa phuong ' +
    'to khu ap khom huyen sdt dt cai luon lam lai dang bi duoc hien cung va gui xin cam ca nhan nguoi dan cong'
  ).split(' '),
)
const MOST_WORDS = 5

/** The name that begins at this word. `strict`: it must look like one, since nothing says that it is. */
function nameAt(said: Said, at: number, strict: boolean): Omit<NameFound, 'confidence'> | undefined {
  const { folded, words, source, text } = said
  let first = at
  let addressed = false
  while (first < words.length && TITLES.has(folded[first]!) && !isNameHere(said, first)) {
    first++
    addressed = true
  }
  const capitals = /\p{Lu}/u.test(text) && text !== text.toUpperCase() && hasSmallStarts(said)
  let last = first - 1
  for (let i = first; i < words.length && i < first + MOST_WORDS; i++) {
    const gap = i === first ? ' ' : text.slice(source.at[words[i - 1]!.end], source.at[words[i]!.start])
    if (!/^[ '’.-]{1,2}$/.test(gap)) break
    if (!/^[a-z]+$/.test(folded[i]!)) break
    if (capitals ? !isCapital(said, i) : !isSyllable(said, i, first)) break
    last = i
  }
  const count = last - first + 1
  if (count < 1) return undefined
  const surname = isSurname(writtenAt(said, first))
  const known = count > 1 && folded.slice(first, last + 1).every((word) => GIVEN.has(word) || isSurname(word))
  const ordered = BIRTH_ORDER.has(folded[first]!) && count === 2 && GIVEN.has(folded[last]!)
  if (strict && !(surname && count > 1) && !known && !ordered && !(addressed && count === 1 && capitals))
    return undefined
  if (!strict && count === 1 && (NO_SINGLE.has(folded[first]!) || (!GIVEN.has(folded[first]!) && !capitals)))
    return undefined
  if (strict && count > 1 && !(said.accented && surname) && isNoName(folded.slice(first, last + 1).join(' ')))
    return undefined
  const span = spanOf(said, first, last)
  const value = cleanName(text.slice(span.start, span.end)) ?? text.slice(span.start, span.end)
  return { value, ...span }
}

/** Phrases that begin sentences with capitals, or with syllables that names have too. */
const NO_NAME =
  /^(?:cam on|tran trong|xin|de nghi|kinh|mong|nho|rat mong|viet nam|ho chi minh|ban quan|dan|nguoi|cong hoa|doc lap|gia dinh|ha noi|sai gon|dien bien|binh dinh|ca mau|dak lak|quy nhon|tan |thanh pho|ban |thi tran|bo |may |toi |hom |chieu |sang |em |anh |con |cho |chi bo|co quan|can |xe |duong |tai |hien|chua|truong |cong |nuoc |den |trung tam|uy ban|phong |so )/

function isNoName(folded: string): boolean {
  return NO_NAME.test(`${folded} `)
}

/** Syllables of names that by themselves are other words. */
const NO_SINGLE = new Set(
  'thoi khong hong so xin la dau gi ai ma nho vang nha cho co su tai cung the thi nay do ban'.split(' '),
)

/** "Ba Sáu" and "Chị Ngọc": a form of address, or the first part of the name. */
function isNameHere(said: Said, i: number): boolean {
  const { folded } = said
  const next = folded[i + 1]
  return (
    BIRTH_ORDER.has(folded[i]!) &&
    next !== undefined &&
    GIVEN.has(next) &&
    !isSurname(next) &&
    isCapitalOrPlain(said, i + 1)
  )
}

function isCapitalOrPlain(said: Said, i: number): boolean {
  return isCapital(said, i) || !/\p{Lu}/u.test(said.text)
}

/** Are there words that begin small? Else capitals tell nothing. */
function hasSmallStarts({ text }: Said): boolean {
  return /(?:^|\s)\p{Ll}/u.test(text)
}

function isCapital({ text, source, words }: Said, i: number): boolean {
  const letter = text.charAt(source.at[words[i]!.start]!)
  return letter !== letter.toLowerCase()
}

function isSyllable(said: Said, i: number, first: number): boolean {
  const word = said.folded[i]!
  if (i === first && BIRTH_ORDER.has(word) && GIVEN.has(said.folded[i + 1] ?? '')) return true
  if (
    i > first &&
    ENDS.has(word) &&
    !(
      isSurname(writtenAt(said, first)) &&
      GIVEN.has(word) &&
      i <= first + 2 &&
      !/^(?:so|nha|o|la|da|thi|goi|bao|day|nay|a|em|ban|buon)$/.test(word)
    )
  )
    return false
  // A name without a surname has two syllables at most.
  if (i > first + 1 && !isSurname(writtenAt(said, first)) && !/^(?:y|h|a)$/.test(said.folded[first]!)) return false
  return GIVEN.has(word) || isSurname(writtenAt(said, i))
}

function writtenAt({ text, source, words }: Said, i: number): string {
  return text.slice(source.at[words[i]!.start], source.at[words[i]!.end])
}
