import { isWord, type Span, toBare, usesAccents, wordsOf } from './bare.ts'
import { cleanName, isSurname } from './name.ts'
import type { Blotted, Rule } from './personal.ts'
import { clean, fold, toneOld } from './text.ts'

/** Between the words of a name: blanks and line breaks of any number, the dots and dashes of addresses and file names. */
const NAME_GAP = /^[\s.,_'’`\p{Pd}]*$/u
const LOCAL_GAP = /^[._+-]?$/
const ADDRESS_GAP = /^[\s.,/_\p{Pd}]*$/u

/**
 * Two last words of a name that are an everyday word as well ("Công An", "Văn Hóa"): by themselves they are taken for the
 * reporter only behind a form of address.
 */
const COMMON_PAIRS = new Set(
  (
    'an ninh|an toan|bao ve|binh an|binh thuong|can bo|cong an|cong bang|cong dan|cong ty|dai hoc|dan toc|doan ket|doc lap|du lich|gia dinh|giao duc|' +
    'giao thong|hai quan|hanh phuc|hoa binh|hoc sinh|khu vuc|kiem lam|kien nghi|kinh te|minh bach|moi truong|nhan dan|nong dan|phu nu|quang truong|' +
    'quan ly|quoc gia|quoc lo|sinh vien|tai san|thanh cong|thanh nien|thanh pho|thanh tra|the thao|thi cong|thi tran|thi truong|thi xa|thong nhat|' +
    'thong tin|thuong mai|trung tam|truong hoc|tu do|van ban|van hoa|van minh|van phong|viet nam|xa hoi|xay dung|y te'
  ).split('|'),
)
/** What a person is called by, or calls himself by, right before the name. */
const ADDRESSED = new Set('ông bà cô chú bác anh chị em cậu dì thím mợ cháu con tên'.split(' '))
const ADDRESSED_BARE = new Set([...ADDRESSED].map(fold))
/** "anh em", "bà con": words after a form of address that are no names. */
const NOT_A_NAME = new Set('em con anh chi ba ong cau chu bac co di ta ay nay kia do'.split(' '))
/** Before a name that is a place's; without accents only where no other word is meant ("cho" is "for" as well as "chợ"). */
const PLACES = new Set(
  'đường phố hẻm ngõ ngách kiệt cầu chợ trường phường xã trấn quận huyện tỉnh thôn bản ấp buôn làng khu viện kênh rạch tuyến'.split(
    ' ',
  ),
)
const PLACES_BARE = new Set('duong pho hem phuong xa huyen tinh thon kenh khu tp tx tt ql'.split(' '))

/** The full name, however spelled, spaced or broken over lines, surname first or last, and as one word ("nguyenvanbinh"). */
export function fullName(name: string): Rule {
  const given = cleanName(name) ?? ''
  const patterns = [given, surnameFirst(given)].map(patternOf).filter((pattern) => pattern.length > 1)
  const joined = patterns.map((pattern) => pattern.join('')).filter((word) => word.length > 6)
  return ({ bare, words }) => {
    if (patterns.length === 0) return []
    const single = words.filter((word) => joined.some((expected) => isWord(bare, word, expected)))
    return [...patterns.flatMap((pattern) => sequences(bare, words, pattern, NAME_GAP)), ...single]
  }
}

/**
 * The last two words of a name of three or more; its last word behind a form of address ("chị Hợi") or before something masked
 * ("Hợi, sđt ●●●"). Where the text has accents they must be the name's: "văn bình" is not "văn bính". A street or a ward of
 * that name stays.
 */
export function shortName(name: string): Rule {
  const known = surnameFirst(cleanName(name) ?? '')
  const accented =
    toneOld(known)
      .toLowerCase()
      .match(/[\p{L}\p{M}]+|\p{N}+/gu) ?? []
  const pattern = patternOf(known)
  const isCommon = COMMON_PAIRS.has(pattern.slice(-2).join(' '))
  const isWordToo = NOT_A_NAME.has(pattern.at(-1) ?? '')
  return (text) => {
    const { bare, words } = text
    const withAccents = usesAccents({ bare, marked: text.source.marked })
    const isThe = (back: number, i: number) => isNamed(text, words[i], pattern.at(-back), accented.at(-back))
    const found: Span[] = []
    for (let i = 0; i < words.length; i++) {
      if (pattern.length > 2 && isThe(2, i) && isThe(1, i + 1) && isGap(bare, words[i]!, words[i + 1]!, NAME_GAP)) {
        if (isAddressed(text, i, withAccents) || (!isCommon && !isPlace(text, i)))
          found.push({ start: words[i]!.start, end: words[++i]!.end })
      } else if (isThe(1, i)) {
        if (isAddressed(text, i, withAccents) ? !isWordToo : isSigned(bare, words[i]!)) found.push(words[i]!)
      }
    }
    return found
  }
}

/**
 * The reporter's address as a whole where it is more than a place's name, and its first part where that has a house number:
 * "27/383 Phạm Văn Đồng" of "27/383 Phạm Văn Đồng, Tân Hòa".
 */
export function ownAddress(address: string): Rule {
  const whole = patternOf(address)
  const house = patternOf(address.split(/[,;\n]/, 1)[0]!)
  const patterns = [
    ...(whole.length > 1 && (hasNumber(whole) || /[,;\n]/.test(address)) ? [whole] : []),
    ...(house.length > 1 && house.length < whole.length && hasNumber(house) ? [house] : []),
  ]
  return ({ bare, words }) => {
    if (patterns.length === 0) return []
    const found = patterns.flatMap((pattern) => sequences(bare, words, pattern, ADDRESS_GAP))
    return found.filter(({ start }) => !/\d\/$/.test(bare.slice(Math.max(0, start - 2), start)))
  }
}

/** The part before the @ of the reporter's address, where it stands by itself ("lyhong.nhonphu"). */
export function ownEmail(email: string): Rule {
  const local = email.split('@', 1)[0]!
  const pattern = patternOf(local)
  if (local.length < 6 || pattern.length === 0) return () => []
  return (text) =>
    sequences(text.bare, text.words, pattern, LOCAL_GAP).filter(
      ({ start, end }) => !text.source.marked.slice(start, end).includes(true),
    )
}

/** At most 40 words, so that a hostile "name" cannot make the search long. */
function patternOf(text: string): string[] {
  const { bare } = toBare(text.slice(0, 400))
  return wordsOf(bare)
    .slice(0, 40)
    .map(({ start, end }) => bare.slice(start, end))
}

function hasNumber(pattern: readonly string[]): boolean {
  return pattern.some((word) => /\d/.test(word)) && pattern.some((word) => /\p{L}/u.test(word))
}

function sequences(bare: string, words: readonly Span[], pattern: readonly string[], gap: RegExp): Span[] {
  const found: Span[] = []
  for (let i = 0; i + pattern.length <= words.length; i++) {
    const last = i + pattern.length - 1
    const fits = pattern.every(
      (expected, k) =>
        isWord(bare, words[i + k], expected) && (k === 0 || isGap(bare, words[i + k - 1]!, words[i + k]!, gap)),
    )
    if (!fits) continue
    found.push({ start: words[i]!.start, end: words[last]!.end })
    i = last
  }
  return found
}

function isGap(bare: string, left: Span, right: Span, gap: RegExp): boolean {
  return gap.test(bare.slice(left.end, right.start))
}

function isNamed(text: Blotted, word: Span | undefined, expected = '', accented = ''): boolean {
  if (!word || !isWord(text.bare, word, expected)) return false
  const written = writtenAt(text, word)
  return accented === expected || written === expected || written === accented
}

function isAddressed(text: Blotted, i: number, withAccents: boolean): boolean {
  const before = text.words[i - 1]
  if (!before || !/^[ :.]{1,3}$/.test(text.bare.slice(before.end, text.words[i]!.start))) return false
  if (isWord(text.bare, before, 'la'))
    return SAYS_WHO.test(text.bare.slice(Math.max(0, before.start - 7), before.start))
  const written = writtenAt(text, before)
  return ADDRESSED.has(written) || (!withAccents && ADDRESSED_BARE.has(written))
}
const SAYS_WHO = /(?:^|[^a-z])(?:ten|toi|tui|em|minh|con|chau) $/

/** A word right before a number or an address that is masked is whose it is. */
function isSigned(bare: string, { end }: Span): boolean {
  return /^[\s,:(\p{Pd}]{0,4}(?:(?:sdt|dt|zalo|lh)[\s:.]{0,3})?●/u.test(bare.slice(end, end + 14))
}

/** "Thảo Vy Nguyễn", as display names have it, is Nguyễn Thảo Vy. */
function surnameFirst(name: string): string {
  const words = name.split(' ')
  const last = words.at(-1)!
  return words.length > 1 && isSurname(last) && !isSurname(words[0]!) ? [last, ...words.slice(0, -1)].join(' ') : name
}

function isPlace(text: Blotted, i: number): boolean {
  const before = text.words[i - 1]
  if (!before || !/^[ .]{1,2}$/.test(text.bare.slice(before.end, text.words[i]!.start))) return false
  const written = writtenAt(text, before)
  return PLACES.has(written) || PLACES_BARE.has(written)
}

/** The word with the accents it was given, in lower case. */
function writtenAt({ source }: Blotted, { start, end }: Span): string {
  return toneOld(clean(source.text.slice(source.at[start], source.at[end])).toLowerCase())
}
