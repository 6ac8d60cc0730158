import type { Documents } from '../connector.ts'
import type { TdofficeSettings } from './settings.ts'
import { slashed } from './time.ts'

/** One book an organ: Nghị định 30/2020/NĐ-CP Điều 15 gives each body one run of numbers a year. */
export const documents: Documents<TdofficeSettings> = {
  book: ({ organ }) => organ.organId,
  idOf: ({ organ }, number, day) => `${organ.organId},${slashed(day)},${number}/${organ.notation}`,
}

/** What a `ResponseFor` names, taken from the DocumentId that it must agree with; nothing where that is none. */
export function partsOf(documentId: string): { organId: string; date: string; code: string } | undefined {
  const [organId = '', date = '', ...rest] = documentId.split(',')
  const code = rest.join(',')
  return organId !== '' && /^\d{4}\/\d\d\/\d\d$/.test(date) && code !== '' ? { organId, date, code } : undefined
}
