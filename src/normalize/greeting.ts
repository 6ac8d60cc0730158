/** What people open a talk with. Alone it says nothing of any matter. */
const OPENING = new Set(
  (
    'alo a lo oi ei hi hello hey chao xin da thua kinh gui em anh chi co chu bac ong ba toi minh con chau ban ad admin page cac moi nguoi ' +
    'cho hoi ti chut voi a ah nhe nha oi co ai do khong ko day o toi muon phan anh bao'
  ).split(' '),
)

/** Does a folded text say nothing that could be a matter? */
export function saysNothing(folded: string): boolean {
  return folded.split(' ').every((word) => word === '' || OPENING.has(word))
}
