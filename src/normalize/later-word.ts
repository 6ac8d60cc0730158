import { fold } from './text.ts'

/**
 * What somebody who has reported already says next. `thanks`: thanks or "yes", and nothing beside; `question`: how far it has come; `new`: another
 * matter, by their own words; `more`: about the same one, by their own words.
 */
export type LaterWord = 'thanks' | 'question' | 'new' | 'more'

const words = (list: string): readonly string[] => list.split(' ')
/** As whole words of a folded text. */
const anyOf = (...phrases: readonly string[]): RegExp => new RegExp(`(?:^| )(?:${phrases.join('|')})(?= |$)`)

const THANKS = anyOf(
  'cam on',
  'c on',
  'camon',
  'thanks?',
  'thank you',
  'tks',
  'ok',
  'oke',
  'okie',
  'okay',
  'da',
  'vang',
  'u',
  'uh',
  'um',
)
/** What people say around thanks. A word that is not here may be news. */
const AROUND_THANKS = new Set(
  words(
    'cam on c camon thank thanks you tks ok oke okie okay da vang u uh um a ah oi nhe nha ne nhen nghe roi nhieu lam rat qua xin chan thanh em anh chi co chu bac ' +
      'ong ba con chau toi minh ban quy cac don vi co quan ubnd xa phuong doan can bo ad admin page nhan duoc biet hieu thay tot hay tuyet voi nhanh chong kip thoi ' +
      'da xu ly giai quyet tra loi phan hoi tiep ho tro giup do quan tam xong va vi cho trinh bao nhiet tinh rang se cho',
  ),
)
const LONGEST_THANKS = 16
const NOT_CONTENT = anyOf('chua', 'khong', 'ko', 'k', 'nhung', 'van', 'lai', 'dung')

const PROGRESS = anyOf(
  '(?:khi|bao|chung) (?:nao|gio|h)',
  'bao lau',
  'den dau',
  'toi dau',
  'sao (?:chua|lau|roi|van chua|khong thay|ko thay)',
  'the nao roi',
  'co ket qua',
  'ket qua (?:the nao|sao|chua|den dau)',
  '(?:xu ly|giai quyet|lam|sua|den|xong|chuyen|nhan duoc|tiep nhan) chua',
  'ai (?:giai quyet|xu ly|phu trach|chiu trach nhiem)',
  'tinh hinh (?:the nao|sao|den dau|xu ly)',
  'cho hoi (?:phan anh|vu|viec|ma)',
)
const LONGEST_QUESTION = 30

const ANOTHER = anyOf(
  '(?:viec|vu|chuyen|van de|su viec|phan anh|truong hop) (?:khac|moi)',
  'mot (?:viec|vu|chuyen|van de|phan anh|truong hop) (?:nua|khac)',
  '(?:them|con) (?:mot|1) (?:viec|vu|chuyen|van de|phan anh|truong hop)',
  'phan anh (?:them )?(?:viec|vu) (?:khac|nua)',
)
const SAME = anyOf(
  '(?:xin |cho toi |toi |em |minh |anh |chi )?(?:bo sung|noi them|noi ro them|noi ro hon|dinh chinh|dinh chanh)',
  '(?:gui|them|bo sung) (?:them )?(?:anh|hinh|clip|video|thong tin|dia chi)',
  '(?:day la )?(?:anh|hinh|clip|video) (?:day|ne|do|hien truong|chup)',
  'quen (?:noi|ghi|gui|chua)',
  '(?:dia chi|vi tri|cho do|cu the|o day) la',
  'y (?:toi|em|minh) la',
  'nhu (?:da|toi da|em da) (?:noi|bao|phan anh)',
  '(?:van|hien|bay gio|den gio|hom nay) (?:van )?(?:con|chua|bi|y nguyen|nhu cu)',
  'chua thay (?:ai|gi|xu ly|sua|don)',
)

/** By the words alone; undefined where they do not say. Linear in the text's length. */
export function laterWord(text: string): LaterWord | undefined {
  const folded = fold(text)
  const said = folded === '' ? [] : folded.split(' ')
  if (said.length === 0) return text.trim() === '' ? undefined : text.includes('?') ? 'question' : 'thanks'
  if (isThanks(text, folded, said)) return 'thanks'
  if (ANOTHER.test(folded)) return 'new'
  if (said.length <= LONGEST_QUESTION && PROGRESS.test(folded)) return 'question'
  return SAME.test(folded) ? 'more' : undefined
}

function isThanks(text: string, folded: string, said: readonly string[]): boolean {
  return (
    said.length <= LONGEST_THANKS &&
    !text.includes('?') &&
    THANKS.test(folded) &&
    !NOT_CONTENT.test(folded) &&
    said.every((word) => AROUND_THANKS.has(word))
  )
}
