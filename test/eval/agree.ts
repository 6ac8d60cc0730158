import type { Judged } from './judged.ts'

export const EXTRACTED = [
  ...(['phone', 'email', 'name', 'district', 'ward', 'category', 'category_top3', 'occurred_at'] as const),
] as const
export type Extracted = (typeof EXTRACTED)[number]

/** Does the product say what the label says? Null equals null. */
export function agrees(field: Extracted, { line: { gold }, said }: Judged): boolean {
  if (said === undefined) return false
  switch (field) {
    case 'phone':
      return said.phone === gold.reporter_phone
    case 'email':
      return said.email?.toLowerCase() === gold.reporter_email?.toLowerCase()
    case 'name':
      return joined(said.name) === joined(gold.reporter_name)
    case 'district':
      return placed(said.district) === placed(gold.district)
    case 'ward':
      return placed(said.ward) === placed(gold.ward)
    case 'category':
      return said.category === gold.category
    case 'category_top3':
      return gold.category === null ? said.category === null : said.categories.slice(0, 3).includes(gold.category)
    case 'occurred_at':
      return sameTime(said.occurredAt, gold.occurred_at)
  }
}

/** Without case, accents and everything that is neither letter nor digit. No code of the product's: it is what is measured. */
export function folded(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/đ/g, 'd')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

const joined = (name: string | null): string | null => (name === null ? null : folded(name).replaceAll(' ', ''))

/** "Quận 1", "quận 01"; a type word counts only before a number. */
function placed(name: string | null): string | null {
  if (name === null) return null
  const words = folded(name).replace(/\b0+(?=\d)/g, '')
  return words.replace(/^(?:phuong|xa|thi tran|quan|huyen|thi xa|thanh pho) (?!\d)/, '').replaceAll(' ', '')
}

/** To the hour, or to the day where the label is a day, in Vietnam. */
function sameTime(said: string | null, gold: string | null): boolean {
  if (said === null || gold === null) return said === gold
  const size = gold.length === 10 ? 10 : 13
  return inVietnam(said).slice(0, size) === inVietnam(gold).slice(0, size)
}

function inVietnam(time: string): string {
  if (time.length === 10) return time
  return new Date(Date.parse(time) + 7 * 3600_000).toISOString()
}
