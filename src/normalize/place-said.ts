import { type Found, findAll, type Said } from './said.ts'

/** Kinds of place that only a name or a number behind them makes one: "thôn 4", "hẻm 383", "bản Na Ư". */
const NUMBERED_KINDS =
  'thon|to|to dan pho|tdp|khu vuc|kv|khom|ap|doi|khu pho|kp|hem|ngo|ngach|kiet|so nha|nha so|so|km|ki lo met|kilomet|ql|quoc lo|tl|tinh lo|duong so|hl|huong lo|lo|lo dat|dt'
const NUMBER = '(?:\\d+[a-z]?|mot|hai|ba|bon|tu|nam|sau|bay|tam|chin|muoi|tram)'
const WITH_NUMBER = new RegExp(` (?:${NUMBERED_KINDS}) ${NUMBER}(?= )`, 'g')
/** Behind these stands a name: it counts where it begins with a capital, or where the text has none. */
const NAMED_KINDS =
  ' (?:duong|pho|ban|buon|lang|thon|ap|xom|cau|cho|truong|kenh|rach|song|suoi|deo|nga ba|nga tu|nga nam|nga sau|chung cu|khu cong nghiep|kcn|benh vien|bv|chua|dinh|khach san|quan|ho|nha may|cong ty|cty|ben xe|cang|khu du lich|cong vien|dao|bien|cua khau|khu do thi|toa nha|nui|doi) (?=[a-z])'
const WITH_NAME = new RegExp(NAMED_KINDS, 'g')
/** Words that stand behind a kind and are no name of it. */
const NO_NAME = new Set(
  (
    'nay|do|kia|nao|nha|toi|em|minh|tui|chung|bi|co|khong|di|ve|ra|vao|len|xuong|qua|to|nho|lon|dep|xau|hu|hong|cu|moi|dat|nhua|be|be tong|day|roi|ma|va|la|thi|cua|' +
    'o|tai|tren|duoi|trong|ngoai|gan|truoc|sau|ben|cung|cho|de|den|tu|voi|cac|nhung|mot|hai|ba|may|nhieu|it|dan|que|lang|xa|hem|an|uong|ngap|tat|sang|den|rat|dang|' +
    'se|da|duoc|thay|lam|chay|nuoc|xe|nguoi|dong|lai|luon|het|con|phai|nhu|giua|xuyen|lien|quan|ban|hoc|mam|tieu|trung|cap|chinh|phu|khu|lay|mua|gi|ai|a|oi|nhe'
  ).split('|'),
)

/** A place that no list knows: a lane, a hamlet, a kilometre post, a market by its name. The first of them. */
export function placeSaid(said: Said): Found | undefined {
  const [numbered] = findAll(said, WITH_NUMBER)
  if (numbered !== undefined) return numbered
  for (const found of findAll(said, WITH_NAME)) {
    const next = found.last + 1
    if (next < said.folded.length && isName(said, next, found.words)) return { ...found, last: next }
  }
  return undefined
}

/** Kinds that nobody speaks of without a name, where capitals do not tell. */
const STRONG = new Set([
  'ban',
  'buon',
  'thon',
  'ap',
  'cau',
  'cho',
  'chung cu',
  'nga ba',
  'nga tu',
  'ben xe',
  'khu cong nghiep',
  'kcn',
  'cua khau',
  'cang',
])

function isName({ source, words, folded, accented }: Said, i: number, kind: string): boolean {
  const word = folded[i]!
  if (NO_NAME.has(word) || /^\d/.test(word)) return false
  const first = source.text.charAt(source.at[words[i]!.start]!)
  const capital = first !== first.toLowerCase()
  const shouted = source.text === source.text.toUpperCase()
  if (shouted || !/\p{Lu}/u.test(source.text.slice(1))) return STRONG.has(kind) && word.length > 1
  return capital || (!accented && STRONG.has(kind) && word.length > 2)
}
