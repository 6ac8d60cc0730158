import { GIVEN } from './given-names.ts'
import { isSurname } from './name.ts'
import { fold } from './text.ts'

const WORDS = new Set(
  (
    'cong ty|cty|htx|hop tac xa|truong|ubnd|ubmttq|uy ban|chi hoi|hoi|doan|phong|ban|to dan pho|tdp|chi bo|xi nghiep|nha hang|khach san|quan|shop|tram|benh vien|bv|' +
    'nha thuoc|cua hang|doanh nghiep|trung tam|so|chi cuc|hoc vien|dai hoc|cau lac bo|clb|tap doan|ngan hang|nha tro|chung cu|ban quan ly|bql|ban quan tri|dai ly|co so|tiem|salon|spa|' +
    'group|vlog|channel|fanpage|page|auto|store|studio|homestay|hotel|cafe|ca phe'
  ).split('|'),
)

/** Whether a name is that of an office, a shop or a page, by its first words or by a word that no person bears. */
export function isOrganisation(name: string): boolean {
  const words = fold(name).split(' ')
  // "Đoàn Thị Hải Yến" is a person, "Đoàn trường" is not.
  if (words.length > 2 && isSurname(name.split(' ')[0]!) && words.every((word) => GIVEN.has(word) || isSurname(word)))
    return false
  for (const size of [1, 2, 3]) if (WORDS.has(words.slice(0, size).join(' '))) return true
  return words.some((word) =>
    /^(?:shop|vlog|channel|fanpage|page|auto|store|studio|homestay|hotel|htx|cty|clb|group)$/.test(word),
  )
}
