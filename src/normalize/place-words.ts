import { clean, toneOld } from './text.ts'

type UnitTier = 'commune' | 'district' | 'province'

interface TypeWord {
  /** The word in the register, lower case. */
  readonly type: string
  readonly tier: UnitTier
  /** One or two letters, which mean other things as well. */
  readonly short: boolean
}

const TYPES: readonly (readonly [type: string, tier: UnitTier, folded: string, abbreviations: readonly string[]])[] = [
  ['xã', 'commune', 'xa', ['x']],
  ['phường', 'commune', 'phuong', ['p', 'f', 'ph']],
  ['thị trấn', 'commune', 'thi tran', ['tt']],
  ['đặc khu', 'commune', 'dac khu', []],
  ['huyện', 'district', 'huyen', ['h']],
  ['quận', 'district', 'quan', ['q']],
  ['thị xã', 'district', 'thi xa', ['tx']],
  ['thành phố', 'district', 'thanh pho', ['tp']],
  ['tỉnh', 'province', 'tinh', []],
]

/** By folded word or abbreviation. */
export const TYPE_WORDS: ReadonlyMap<string, TypeWord> = new Map(
  TYPES.flatMap(([type, tier, folded, abbreviations]) => [
    [folded, { type, tier, short: false }],
    ...abbreviations.map((word): [string, TypeWord] => [word, { type, tier, short: true }]),
  ]),
)

/** A province may be a city; all else is told by its type. */
export function isKin(said: TypeWord, type: string): boolean {
  return (
    said.type === type ||
    TYPES.some(([known, tier]) => known === type && tier === said.tier) ||
    (said.type === 'thành phố' && type === 'tỉnh')
  )
}

/** Names that are everyday words: they count only behind a type word. */
export const COMMON_NAMES: ReadonlySet<string> = new Set(
  (
    'an toan|ban co|bien ho|binh an|dat bang|dat do|dat moi|doan ket|hai cang|hoa binh|ngan dua|phong phu|rang dong|tay nam|thang loi|thanh cong|' +
    'thanh minh|thong nhat|trung thu'
  ).split('|'),
)
/** Names that are everyday words once the accents are gone ("di an" is "đi ăn" as often as Dĩ An): bare, they need theirs. */
export const COMMON_UNACCENTED: ReadonlySet<string> = new Set(
  (
    'an dan|an dong|an linh|an tay|ba diem|bac son|ben cat|ben thanh|binh thuan|can gio|cho lon|da bac|dap da|di an|dinh an|dong hai|hai rieng|hoa long|' +
    'hoi nghia|kim long|la hai|long toan|minh tan|na son|nam thanh|nha mat|phu cuong|song bo|song da|ta ma|tam an|tam quan|tan tao|tan tien|' +
    'tri luc|tri phai|trung an|tu an|xuan loc'
  ).split('|'),
)

/** Behind these a name is a street's. */
export const STREET_WORDS: ReadonlySet<string> = new Set('duong pho hem ngo ngach lo d hxh'.split(' '))
/** A number behind these is a house's or an alley's, and the name behind it a street's: "ở 12 Trần Phú", not "phường 3 Gò Vấp". */
export const HOUSE_WORDS: ReadonlySet<string> = new Set(
  'so sn nha hem ngo ngach kiet o tai truoc gan dien cua tu den ngay canh'.split(' '),
)

export const NUMBER_WORDS: ReadonlySet<string> = new Set(
  'một mốt hai ba bốn tư năm lăm sáu bảy bẩy tám chín mười mươi'.split(' '),
)
const DIGIT_WORDS: ReadonlyMap<string, number> = new Map(
  Object.entries({ mot: 1, hai: 2, ba: 3, bon: 4, tu: 4, nam: 5, lam: 5, sau: 6, bay: 7, tam: 8, chin: 9 }),
)

/** "bốn", "mười hai", "hai mươi", "hai mươi lăm" at the front: the number and how many words it took. */
export function spokenNumber(words: readonly (string | undefined)[]): { value: number; count: number } | undefined {
  const [first, second, third] = words
  const digit = (word: string | undefined) => (word === undefined ? undefined : DIGIT_WORDS.get(word))
  if (first === 'muoi') return digit(second) ? { value: 10 + digit(second)!, count: 2 } : { value: 10, count: 1 }
  const tens = first === 'lam' ? undefined : digit(first)
  if (tens === undefined || second !== 'muoi') return tens === undefined ? undefined : { value: tens, count: 1 }
  return digit(third) ? { value: tens * 10 + digit(third)!, count: 3 } : { value: tens * 10, count: 2 }
}

/**
 * One spelling for words that are written both ways: i for a y that is the whole rhyme (Quy/Qui, Mỹ/Mĩ), c for a final k, which
 * Vietnamese has not (Đắk Lắk/Đắc Lắc), numbers without leading zeros. Takes folded words.
 */
export function spelling(word: string): string {
  if (/^\d+$/.test(word)) return word.replace(/^0+(?=\d)/, '')
  return word.replace(/(?<=^(?:[bcdghklmnpqrstvx]+|qu))y$/, 'i').replace(/(?<=[aeiouy])k$/, 'c')
}

/** As `spelling`, with accents: what decides whether the writer meant this very name. Đăk, Đắk and Đak are one word. */
export function accentedSpelling(word: string): string {
  const lower = toneOld(clean(word).toLowerCase())
  if (/^đ[aăắ][ck]$/.test(lower)) return 'đăc'
  return lower
    .normalize('NFD')
    .replace(/(?<=^(?:[bcdđghklmnpqrstvx]+|qu))y(?=\p{M}*$)/u, 'i')
    .replace(/(?<=[aeiouy]\p{M}*)k$/u, 'c')
    .normalize('NFC')
}

/** What Vietnamese can spell in one syllable. Pleiku, KBang and M'Drắk are not, so they are names even by themselves. */
const SYLLABLE = /^(?:b|ch?|d|gh?|gi|h|kh?|l|m|n|ngh?|nh|ph?|qu|r|s|th?|tr|v|x)?[aeiouy]{1,3}(?:ch?|k|m|ng?|nh|p|t)?$/

export function isDistinctive(word: string): boolean {
  return word.length >= 5 && !/^\d/.test(word) && !SYLLABLE.test(word) && word !== 'krong'
}
