import { findEmails } from './email.ts'
import { findPhones } from './phone.ts'
import { clean, fold, toneOld } from './text.ts'

/** Pairs that are never part of a name. */
const COMPOUND_TITLE = /^[^\p{L}\p{N}]*(?:đồng chí|dong chi|ông\/bà|ông bà|anh\/chị|anh chị)(?=\s)/iu
/** Never part of a name, written with their marks: taken off wherever they stand in front. */
const TITLES = new Set(
  'ông bà chị cô chú bác cậu dì mợ thím cháu đ/c mr mrs ms miss gs pgs ts ths bs mr. mrs. ms. gs. pgs. ts. ths. bs. ds. ks. ls.'.split(
    ' ',
  ),
)
/** Also a given name ("Anh Thư") or, without marks, another word: taken off only in lower case or before a surname. */
const MAYBE_TITLES = new Set('anh em ong ba chi co chu bac cau d/c'.split(' '))
/** "Ba Mập", the third child, is a name; only a surname behind it makes it "bà". */
const NUMBER_NAME = 'ba'
const SURNAMES = new Set(
  (
    'nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi đỗ hồ ngô dương lý đinh đào đoàn trương trịnh mai lâm lương vương tạ cao châu tăng tô thái ' +
    'tống quách lò hà lưu lục nông ma vi giàng hạng sùng thào vàng mùa cứ lầu quàng cà lù danh sơn thạch kim lại la mạc nghiêm phùng triệu tiêu ung văn ' +
    'khương kiều đàm đậu chu chung bạch y h siu ksor rơ rmah kpă'
  ).split(' '),
)
const SURNAMES_BARE = new Set([...SURNAMES].map(fold))
const NOBODY = new Set(
  'an danh|nac danh|giau ten|khong ten|khach|khach hang|nguoi dan|cong dan|nguoi phan anh|anonymous|unknown|no name|guest|user|n a'.split(
    '|',
  ),
)
/** Stay in capitals where everything is: words without a vowel (HTX, TP), and these two. */
const ABBREVIATIONS = new Set(['ubnd', 'ubmttq'])

/**
 * A person's name as the register would write it, out of what a field, a signature or a display name holds: titles off,
 * blanks single, capitals where all was lower or upper case. Undefined where it names nobody ("ẩn danh", "em", "0912…").
 */
export function cleanName(text: string): string | undefined {
  const words = withoutBrackets(withoutContacts(clean(text.slice(0, 1000))))
    .replace(COMPOUND_TITLE, '')
    .replace(/\p{Extended_Pictographic}|\uFE0F|\u200D/gu, ' ')
    .split(/\s+/)
    .map((word) => word.replace(/^[^\p{L}\p{N}]+/u, ''))
    .filter((word) => word !== '')
  while (words.length > 0 && isTitle(words)) words.shift()
  const name = inCapitals(words.join(' ').replace(/[^\p{L}\p{M}\p{N}]+$/u, ''))
  return /\p{L}/u.test(name) && name.length <= 100 && !NOBODY.has(fold(name)) ? name : undefined
}

/** "Lan (tổ trưởng)", but not "0912… (chị Lan)". */
function withoutBrackets(text: string): string {
  const rest = text.replace(/\([^()]*\)?/g, ' ')
  return /\p{L}/u.test(rest) ? rest : text
}

/** "Lan - SĐT 0912…": what a name field holds besides. */
function withoutContacts(text: string): string {
  let name = ''
  let cursor = 0
  for (const { start, end } of [...findPhones(text), ...findEmails(text)].sort((a, b) => a.start - b.start)) {
    if (start < cursor) continue
    name += `${text.slice(cursor, start).replace(CONTACT_WORD, '')} `
    cursor = end
  }
  return name + text.slice(cursor)
}
const CONTACT_WORD = /(?:sđt|sdt|đt|dt|tel|phone|zalo|email|điện thoại|dien thoai)[\s:.]*$/iu

function isTitle([word = '', next, third]: readonly string[]): boolean {
  const title = word.toLowerCase().replace(/[:,]+$/, '')
  if (TITLES.has(title)) return true
  if (!MAYBE_TITLES.has(title)) return false
  if (next === undefined) return true
  return (third !== undefined && isSurname(next)) || (word === title && title !== NUMBER_NAME)
}

/** With its accents where it has any: Thào is one, Thảo is not. */
export function isSurname(word: string): boolean {
  const written = toneOld(word.toLowerCase())
  return SURNAMES.has(written) || SURNAMES_BARE.has(written)
}

/** Only where the writer made no difference between the cases: "McDonald" and "Công ty Thành Lợi" stay. */
function inCapitals(name: string): string {
  const lower = name.toLowerCase()
  const shouted = name === name.toUpperCase()
  if (name !== lower && !shouted) return name
  return lower.replace(/\p{L}[\p{L}\p{M}]*/gu, (word) =>
    shouted && isAbbreviation(word) ? word.toUpperCase() : word.charAt(0).toUpperCase() + word.slice(1),
  )
}

function isAbbreviation(word: string): boolean {
  const folded = fold(word)
  return folded.length > 1 && (ABBREVIATIONS.has(folded) || !/[aeiouy]/.test(folded))
}

/** Whether two texts name one person as far as letters can tell: without titles, case, accents and blanks. */
export function sameName(a: string, b: string): boolean {
  const [left, right] = [cleanName(a), cleanName(b)]
  return left !== undefined && right !== undefined && joined(left) === joined(right)
}

function joined(name: string): string {
  return fold(name).replaceAll(' ', '')
}
