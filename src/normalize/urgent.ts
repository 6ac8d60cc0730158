import { type LinearModel, reasons, score } from './linear.ts'
import { type Found, findAll, type Said } from './said.ts'
import { topicsOf } from './topics.ts'

export interface UrgentRead {
  readonly value: boolean
  readonly confidence: number
  readonly start: number
  readonly end: number
  readonly why: readonly string[]
}

const all = (pattern: string): RegExp => new RegExp(` (?:${pattern})(?= )`, 'g')

/** What cannot wait by itself: fire, people in danger of their lives, crime that is going on, disaster. */
const DANGER: readonly RegExp[] = [
  all(
    '(?:dang |bi |no |lai |bao |phat |boc )?chay (?:lon|rung|nha|xuong|kho|cho|xe|quan|phong tro|can ho|chung cu|nui|ro|du doi|roi|to|bung|ngun ngut|tram dien|binh gas|bai|co|lan|tiem|lua)',
  ),
  all(
    'xe (?:chua chay|cuu hoa|cuu thuong) (?:[^ |]+ ){0,6}?(?:khong (?:vo|vao|lot|toi|qua)|chua (?:thay )?toi|bi chan)',
  ),
  all(
    'bao chay|dam chay|hoa hoan|lua (?:lan|chay|do ruc|boc|cao)|boc chay|no (?:binh gas|khi gas|lon)|ro (?:ri )?(?:khi )?gas|xi gas|khoi den (?:boc|bay) ra tu (?:nha|xuong)',
  ),
  all(
    '(?:nguoi|tre|be|hoc sinh|con nit|cong nhan|nan nhan|chau) (?:[^ |]+ ){0,2}?(?:bi ket|dang ket|ket ben trong|ket trong|con ket|mac ket|duoi nuoc|bi cuon|bi vui|bat tinh|bi thuong nang|nam bat dong|co giat|roi xuong)(?: (?:trong|ben trong|duoi|o))?',
  ),
  all(
    '(?:mau (?:chay )?nhieu|chay mau nhieu|chay nhieu mau|chan thuong nang|nguy kich|hap hoi|ngung tho|bat tinh|gan chet|xe cuu thuong (?:chua|khong)|goi (?:xe )?cap cuu|cap cuu (?:gap|dum|gium|ngay)|can cap cuu)',
  ),
  all('cuu (?:voi|nguoi|nan nhan|giup|gium|dum)|keu cuu that thanh|la cuu|cau cuu|xin cuu|giup voi gap'),
  all(
    '(?:tai nan|tong xe|va cham|lat xe|xe lat|dam nhau)(?: giao thong)? (?:[^ |]+ ){0,12}?(?:nam (?:duoi duong|do|bat dong|giua duong)|bi thuong|ket|chet nguoi|mau|nguy kich|cap cuu|phan luong|ngay (?:luc nay|bay gio)|vua xay ra)',
  ),
  all('(?:tai nan) (?:tai nan|nghiem trong|nang|lien hoan|ngay|roi|o vong xoay|o nga)'),
  all(
    '(?:cuop|giat (?:tui|do|day chuyen|dien thoai)|cuop giat|trom (?:[^ |]+ ){0,3}?(?:dang|vao nha|dot nhap|pha khoa)|dang (?:trom|cuop|pha khoa|dot nhap|cat|be khoa|hai trom)|bat trom|dot nhap)',
  ),
  all(
    '(?:dam|chem|danh) (?:nhau|nguoi|chet|trong thuong)(?: [^ |]+){0,4}? (?:dao|rua|ma tau|hung khi|mau|gay|ngay|luc nay|hon chien)|hon chien|danh hoi dong|cam (?:dao|rua|ma tau|hung khi|sung)|dao rua|ma tau|nga dao|xin da|ngao da (?:[^ |]+ ){0,3}?dao|no sung|nhay lau tu tu|doi tu tu|doi nhay (?:lau|cau)|nhay (?:cau|lau)|bat coc|bi khong che|con tin',
  ),
  all(
    '(?:dang )?(?:danh|dap|bao hanh|hanh ha|quat|trói|nhot|bo doi) (?:con|chau|be|dua nho|tre|vo)(?: [^ |]+){0,6}? (?:du|da man|doi|la|khoc|thet|mau|tim|xin|ngat)',
  ),
  all(
    '(?:dang|sap|bi|nuoc) (?:[^ |]+ )?(?:sat lo|lo dat|lu quet|vo de|vo dap|sap (?:nha|cau|tuong|ham)|troi (?:nha|nguoi|xe)|cuon troi|co lap|vui lap|ngap nha)|lu (?:ve|quet|ong|dang|len nhanh)|nuoc lu|sat lo (?:[^ |]+ ){0,4}?(?:nha|nguoi|chan duong|co lap|vui)|vo (?:de|dap|bo bao)',
  ),
  all(
    '(?:sat|sat lo|sut lun|sut|sup|lo)(?: [^ |]+){0,10}? (?:tac cung|ach tac|tac (?:duong|hoan toan)|lap (?:het|kin)|khong (?:ai )?(?:qua|di) (?:truong )?(?:duoc|lai)|dut duong|chia cat|chan (?:het|hai dau|ngang)|can mang|ca mang|het tron|sat (?:nha|hang ba|vach)|tru dien|cot dien|di doi|da (?:to|lan|roi)|van (?:con )?(?:roi|lo))',
  ),
  all(
    'day dien (?:[^ |]+ ){0,3}?(?:dut|roi|dut xuong|roi xuong|toe lua|ho|sa xuong)|dien giat|ro dien|chap dien|toe lua|phong dien|no tram bien ap|dut day (?:dien|trung the|cao the)',
  ),
  all(
    '(?:xam hai|hiep dam|dam o|lam dung|quay roi tinh duc|dam vat) (?:[^ |]+ ){0,3}?(?:tre|be|chau|hoc sinh|con|tinh duc)|bi (?:xam hai|hiep dam)',
  ),
  all(
    '(?:ngo doc) (?:[^ |]+ ){0,5}?(?:hang loat|tap the|nhieu nguoi|cap cuu|nhap vien|nang)|chat doc|hoa chat (?:tran|ro)|tran dau|khi doc',
  ),
]

/** Words that say it is going on, or that somebody must come at once. */
const NOW = all(
  'dang|ngay luc nay|ngay bay gio|bay gio|khan cap|cap bach|gap|lien|ngay|nhanh len|mau len|toi ngay|den ngay|cuu|vua|moi xay ra|hien tai|luc nay|roi (?:page|ad|oi|anh|chi|em)|len nhanh',
)

/** It is over, it may happen, it happened to others, or it is no danger at all: then it can wait. */
const PAST = all(
  'hom qua|hom kia|hom truoc|bua truoc|tuan truoc|thang truoc|nam ngoai|da (?:dap tat|duoc dap|khong che|xong|co nguoi chet|tung)|dem qua|toi qua|tung xay ra|nhieu vu|may vu|nhieu lan|hom \\d+|dot truoc|hoi thang|da on dinh|khong ai bi thuong|may ma|may la|truoc day|lan thu|thang nao cung|moi co vu|vua roi',
)
const MAY = all(
  'nguy co|de (?:bi|gay|xay)|co the (?:gay|xay|bi|chay)|so (?:co ngay|chay|sap|bi)|lo (?:so|ngai)|dung de|coi chung|neu (?:chay|co|xay)|phong chay|pccc|chua chay|nghiem thu|tap huan|dien tap|chay (?:xe|qua|lai|bo|nhanh|am am|vu vu|rong|tu|ve|ra|vao|toc do|ngang|luon lach|cham|da|hang|dua)|xe chay|nuoc chay|chay nuoc|may chay|ban chay',
)

/** Missing one is worse than a false alarm: as likely as this is enough. */
export const ENOUGH = 0.1

/**
 * Whether it needs somebody now, by the list of the regulations: disaster, fire, accident, theft, danger to life or to public order. Rules that name
 * the danger and a model that weighs all words; where either is sure, it is.
 */
export function readUrgent(said: Said, model: LinearModel): UrgentRead {
  const ruled = byRules(said)
  const features = urgencyFeatures(said, ruled)
  const likely = score(model, features).find(({ value }) => value === 'urgent')?.probability ?? 0
  if (likely < ENOUGH) return { ...ruled, value: false, confidence: 1 - likely, why: [] }
  return {
    ...ruled,
    value: true,
    confidence: likely,
    why: ruled.why.length > 0 ? ruled.why : reasons(model, features, 'urgent'),
  }
}

/** What the model weighs: what the rules say, topics, words and pairs of words. */
export function urgencyFeatures(said: Said, ruled = byRules(said)): string[] {
  const rule = `rule=${ruled.value}`
  const danger = `danger=${Math.min(2, ruled.why.length)}`
  const when = [
    `now=${Math.min(2, count(said, NOW))}`,
    `past=${Math.min(2, count(said, PAST))}`,
    `may=${Math.min(1, count(said, MAY))}`,
  ]
  const topics = topicsOf(said).map((topic) => `#${topic}`)
  const words = new Set(said.folded.filter((word) => /^[a-z]{2,}$/.test(word)).slice(0, 400))
  return [rule, rule, rule, danger, danger, ...when, ...topics, ...topics, ...words]
}

function byRules(said: Said): UrgentRead {
  const dangers = DANGER.flatMap((pattern) => [...findAll(said, pattern)]).filter((found) => isDanger(said, found))
  const first = dangers[0]
  if (first === undefined) return { value: false, confidence: 0.9, start: 0, end: 0, why: [] }
  const going = count(said, NOW)
  const past = count(said, PAST)
  const may = count(said, MAY)
  const weight = Math.min(3, dangers.length) + Math.min(2, going) - 1.5 * Math.min(2, past) - Math.min(1, may) * 0.75
  return {
    value: weight >= 1,
    confidence: Math.min(0.95, 0.55 + Math.abs(weight - 1) / 8),
    ...{ start: first.start, end: first.end },
    why: [...new Set(dangers.map(({ words }) => words))].slice(0, 5),
  }
}

const count = (said: Said, pattern: RegExp): number => [...findAll(said, pattern)].length

/** With accents "chạy" runs and "cháy" burns. */
function isDanger({ accented, text }: Said, { words, start, end }: Found): boolean {
  if (!accented || !/\bchay\b/.test(words)) return true
  return /cháy|ch[áa]y/iu.test(text.slice(start, end).normalize('NFC'))
}
