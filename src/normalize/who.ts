import { type FoundEmail, findEmailsIn } from './email.ts'
import { cleanName } from './name.ts'
import { findNames, type NameFound } from './name-said.ts'
import { isOrganisation } from './organisation.ts'
import { type FoundPhone, findPhonesIn } from './phone.ts'
import { findAll, type Said } from './said.ts'
import { fold } from './text.ts'

/** What the envelope says of its sender. */
export interface Sender {
  readonly name?: string
  readonly phone?: string
  readonly email?: string
}

export interface WhoRead {
  readonly name?: Read
  readonly phone?: Read
  readonly email?: Read
}

export interface Read {
  readonly value: string
  readonly confidence: number
  /** `sender` or the part of the text. */
  readonly from: string
  readonly start?: number
  readonly end?: number
}

export interface WhoPart {
  readonly from: string
  readonly said: Said
  /** Whether a name may stand at its end, as people sign. */
  readonly signed: boolean
}

/** Who sent it: what the envelope says, and what they say of themselves, which counts where the envelope names nobody, a nickname or an office. */
export function readWho(sender: Sender, parts: readonly WhoPart[]): WhoRead {
  const name = readName(sender.name, parts)
  const phone = sender.phone === undefined ? ownPhone(parts) : { value: sender.phone, confidence: 1, from: 'sender' }
  const email = sender.email === undefined ? ownEmail(parts) : { value: sender.email, confidence: 1, from: 'sender' }
  return { ...(name && { name }), ...(phone && { phone }), ...(email && { email }) }
}

function readName(given: string | undefined, parts: readonly WhoPart[]): Read | undefined {
  const own = given === undefined ? undefined : cleanName(given)
  const found = parts.flatMap(({ from, said: text, signed }) =>
    findNames(text, signed).map((name) => ({ ...name, from })),
  )
  const [said] = found.sort((a, b) => b.confidence - a.confidence || wordsIn(b.value) - wordsIn(a.value))
  if (own === undefined) return said && toRead(said)
  const envelope: Read = { value: own, confidence: 0.95, from: 'sender' }
  if (said === undefined || said.confidence < 0.6) return envelope
  if (isOrganisation(own)) return said.confidence >= 0.7 && !isOrganisation(said.value) ? toRead(said) : envelope
  if (sharesName(own, said.value)) return envelope
  // "Mẹ Bống" who signs "Lan Anh 0904…": what they sign with is their name.
  return said.confidence >= 0.8 ? toRead(said) : envelope
}

function toRead({ value, confidence, from, start, end }: NameFound & { readonly from: string }): Read {
  return { value, confidence, from, start, end }
}

const wordsIn = (name: string): number => name.split(' ').length

function sharesName(one: string, other: string): boolean {
  const words = new Set(fold(one).split(' '))
  return fold(other)
    .split(' ')
    .some((word) => word.length > 1 && words.has(word))
}

/** Behind these a number is somebody else's: of a hotline, of those who are complained about, on a leaflet. */
const NOT_OWN =
  / (?:hotline|tong dai|duong day nong|cua (?:no|ho|chung|bon|ong|ba|anh|chi|chu|cong ty|quan)(?: [^ |]+)?|to roi|quang cao|lua dao|goi den|goi toi so|goi so|so la|bien so|zalo cua|nha xe|chu (?:quan|nha|xe|tro)|tai xe) (?:[^ |]+ ){0,2}$/
const OWN =
  / (?:toi|em|minh|tui|con|chau|chi|anh|co|bac|lien he|lien lac|sdt|dt|dien thoai|di dong|mobile|m|tel|zalo|so|phone) (?:[^ |]+ ){0,3}$/

function ownPhone(parts: readonly WhoPart[]): Read | undefined {
  let best: (Read & { readonly score: number }) | undefined
  for (const { from, said } of parts)
    for (const phone of findPhonesIn(said.source)) {
      const before = textBefore(said, phone)
      const score = (NOT_OWN.test(before) ? -2 : 0) + (OWN.test(before) ? 1 : 0) + phone.start / (said.text.length + 1)
      if (score > -1 && (best === undefined || score > best.score))
        best = { value: phone.value, confidence: 0.85, from, start: phone.start, end: phone.end, score }
    }
  if (best === undefined) return undefined
  const { score: _score, ...read } = best
  return read
}

function ownEmail(parts: readonly WhoPart[]): Read | undefined {
  for (const { from, said } of parts) {
    const [email] = findEmailsIn(said.source).filter((each: FoundEmail) => !/\.gov\.vn$/.test(each.value))
    if (email !== undefined) return { value: email.value, confidence: 0.8, from, start: email.start, end: email.end }
  }
  return undefined
}

/** The words before a place in the text, as `flat` has them. */
function textBefore(said: Said, { start }: Pick<FoundPhone, 'start'>): string {
  const { source, words, flat, starts } = said
  let i = words.findIndex((word) => source.at[word.start]! >= start)
  if (i < 0) i = words.length
  const end = starts[i] ?? flat.length
  return flat.slice(Math.max(0, end - 60), end).replace(/[|,] /g, '')
}

const ASKED_SECRECY: readonly RegExp[] = [
  / (?:xin|nho|vui long|de nghi|mong|hay|duoc|yeu cau|tuyet doi|cung xin|muon) (?:[^ |]+ ){0,5}?(?:giu|dam bao|bao dam) (?:[^ |]+ ){0,3}?(?:bi mat|kin)(?= )/g,
  / (?:giu|bao dam|dam bao) (?:[^ |]+ ){0,2}?(?:bi mat|kin)(?: [^ |]+){0,3}? (?:ten|danh tinh|thong tin|so|nguoi bao|nguoi phan anh|nguoi to|email|dien thoai|sdt|giup|gium|dum)(?= )/g,
  / (?:giau|dau|an|khong neu|dung neu|khong ghi|dung ghi|khong cong khai|dung cong khai|khong tiet lo|dung tiet lo|dung de lo|khong de lo|dung noi ra|hong noi|khong noi|khong dam ghi|khong dam noi|khong dam neu|mien neu|khong muon neu|khong muon noi|chua tien neu|khong xung|dung dua|dung ghi) (?:[^ |]+ ){0,3}?(?:ten|danh tinh|danh|so dien thoai|so|sdt|email|thong tin|tuoi|dia chi)(?= )/g,
  / (?:dung|khong|hong|hok|dung co|khong duoc|xin dung) (?:[^ |]+ ){0,2}?(?:noi|bao|khai|de|cho) (?:[^ |]+ ){0,3}?(?:la|ai|ho|chung no|tui no|nguoi ta|nguoi khac) (?:[^ |]+ ){0,3}?(?:bao|phan anh|to|goi|biet)(?= )/g,
  / (?:bao tin|phan anh|to giac|gui) an danh| xin an danh| nguoi bao tin giau ten| xin phep an danh| muon an danh| de an danh/g,
  / (?:so|ngai|lo) (?:[^ |]+ ){0,3}?(?:tra thu|tra dua|bi hai|bi lam kho|gay kho)(?= )/g,
]

/** Whether they ask that nobody learn who they are. The words that say so. */
export function asksSecrecy(parts: readonly { readonly from: string; readonly said: Said }[]): Read | undefined {
  for (const { from, said } of parts)
    for (const pattern of ASKED_SECRECY)
      for (const found of findAll(said, pattern)) {
        if (/(?:khong can|khoi|dau can) giu/.test(found.words)) continue
        return { value: found.words, confidence: 0.9, from, start: found.start, end: found.end }
      }
  return undefined
}
