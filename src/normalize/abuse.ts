import { type Found, findAll, type Said } from './said.ts'
import { fold } from './text.ts'

/**
 * Obscene or insulting words, as people write them with and without accents, spaced out or starred. Each is a pattern over folded words; those that
 * mean something else with other accents name the ones that they are meant with.
 */
const WORDS: readonly (readonly [pattern: string, accented?: readonly string[]])[] = [
  ['(?:dit|djt|dis) (?:me|con me|bo|cu|ba|mia|cha)'],
  ['(?:du|dù|d u) (?:me|ma|ba|con me)', ['đụ', 'đù', 'đéo', 'đu']],
  ['deo', ['đéo', 'deo', 'đếch', 'đ.éo']],
  ['dech', ['đếch', 'dech']],
  ['(?:dcm|dkm|dmm|dcmm|vcl|vkl|vcc|vlol|vloz|clgt|cmnr|cmn|dm|cmm|vl|cc|dmcs|wtf|fuck|fck|shit|sml|clm|cl)'],
  [
    '(?:con|thang|lu|bon|do|may con|may thang|dam|dua) (?:cho|cho de|cho ma|khon|khon nan|khon kiep|mat day|mat dai|mat nguoi|vo hoc|suc sinh|suc vat|ngu|dien|dog|ban thiu|lua dao an cuop|an hai|pha hoai|bat nhan|that duc|sau bo|tham quan|bip bom|hen)',
  ],
  [
    '(?:mat day|khon nan|vo hoc|suc sinh|suc vat|cho de|me kiep|bo lao|lao toet|oc cho|dau bo|oc bo|an hai|vo luong tam|that duc|mat nhan tinh|an cuop|an c[u*]t|cut di|lam an nhu (?:cuc|cut|cai dau|con c)|dau b|oc lon|oc trau|nao phang|nao ca vang|tham nhung an hai)',
  ],
  [
    '(?:ngu nhu|ngu vai|ngu the|ngu nhi|qua ngu|lu ngu|do ngu|ngu hoc|ngu si|ngu xuan|ngu nguoi|bon ngu|ngu lon)',
    ['ngu'],
  ],
  [
    '(?:lon|loz|cac|cak|buoi|dai|cut) (?:gi|nay|a|luon|vay|chu|be|to|di|nua)',
    ['lồn', 'loz', 'cặc', 'cak', 'buồi', 'dái', 'cứt', 'cút', 'lon', 'cac'],
  ],
  [
    '(?:chet tiet|chet me|to su|tien su|to cha|cha no|mat lol|mat lon|dia nguc tran gian|do quy|quy tha ma bat|cho ma|cho chet|nhu cho|an long|an lol)',
  ],
  [
    '(?:cho duoi|nhu lu dien|an ban|do hen|lu hen|hen ha|hen lam|an tien roi cam hong|mu het roi|bi dien|thang dien|con dien|lu cho|thang cho)',
  ],
  [
    '(?:tao) (?:[^ |]+ ){0,4}?(?:may|bay|chung may|tui bay|mi)',
    ['tao', 'tau', 'mày', 'bay', 'mầy', 'may', 'chúng', 'tụi'],
  ],
]

const PATTERN = WORDS.map(([pattern, accented]) => ({ pattern: new RegExp(` (?:${pattern})(?= )`, 'g'), accented }))

/** Short forms that mean something decent beside these words: chung cư, đường mòn, vật liệu, định mức. */
const DECENT: Readonly<Record<string, RegExp>> = {
  cc: / (?:o|tai|can|khu|toa|ban quan ly|trong|truoc|gan|cu dan|block|bql) cc | cc [a-z]*[A-Z0-9]? ?(?:[^ |]+ )?(?:block|tang|binh|hung|phat|hoang|so|tan)/,
  vl: / (?:lieu|cat|da|xe|bai|cho|kho|cong ty|cua hang|vat tu) vl | vl xay/,
  dm: / (?:kinh te|ky thuat|theo|cap) dm | dm (?:kinh te|ky thuat)/,
  cl: / (?:mat|dam bao|kem) cl | cl (?:nuoc|cao)/,
}

/** Insults and obscenities in a text, in order. What is meant for a person to see is masked where these are. */
export function findAbuse(said: Said): Found[] {
  const found: Found[] = []
  for (const { pattern, accented } of PATTERN)
    for (const each of findAll(said, pattern))
      if (isMeant(said, each, accented) && !isDecent(said, each)) found.push(each)
  if (STARRED.test(said.text)) {
    const match = STARRED.exec(said.text)!
    found.push({ words: match[0], first: 0, last: 0, start: match.index, end: match.index + match[0].length })
  }
  return found.sort((a, b) => a.start - b.start)
}

/** "đ*t", "d*m", "v~l", "đ.m", "l*n", "c*c", "b***". */
const STARRED =
  /(?<![\p{L}\p{N}])(?:[đd][*~][a-zđ]{0,2}|[đd]\.\s?m(?![\p{L}\p{N}])|v~l|[lcb][*]{1,3}[nct]?|[đd]ị?t\s?m[*ẹe]|cứ[*]|ng[*]u?)(?![\p{L}])/iu

function isDecent({ flat, starts }: Said, { words, first }: Found): boolean {
  const decent = DECENT[words]
  return decent?.test(flat.slice(Math.max(0, starts[first]! - 16), starts[first]! + 24)) ?? false
}

/** Where the writer uses accents, a word that means something decent without its own must have them. */
function isMeant(
  { accented: uses, text, source, words }: Said,
  { words: found, first, last }: Found,
  accented?: readonly string[],
): boolean {
  if (!uses) return !AMBIGUOUS.has(found)
  if (accented === undefined) return isInsult(text.slice(source.at[words[first]!.start], source.at[words[last]!.end]))
  const written = text
    .slice(source.at[words[first]!.start], source.at[words[first]!.end])
    .normalize('NFC')
    .toLowerCase()
  return accented.includes(written)
}

/** Without accents as often decent: "đỏ cho", "còn chỗ", "tháng cho". */
const AMBIGUOUS: ReadonlySet<string> = new Set([
  'do cho',
  'con cho',
  'dua cho',
  'thang cho',
  'bon cho',
  'lu cho',
  'con ngu',
])
/** With other accents these are decent: "chợ", "thang chờ", "đỏ", "hẹn". */
const INSULTS: Readonly<Record<string, readonly string[]>> = {
  ...{ cho: ['chó'], do: ['đồ'], lu: ['lũ'], dam: ['đám'], bon: ['bọn'], thang: ['thằng'], ngu: ['ngu'], hen: ['hèn'] },
  ...{
    cut: ['cút', 'cứt'],
    dien: ['điên'],
    dua: ['đứa'],
    long: ['lồng', 'lòng'],
    dia: ['địa'],
    mat: ['mặt', 'mất', 'mạt'],
  },
}

function isInsult(written: string): boolean {
  const words = written
    .normalize('NFC')
    .toLowerCase()
    .split(/[^\p{L}\p{M}]+/u)
  return words.every((word) => INSULTS[fold(word)]?.includes(word) ?? true)
}
