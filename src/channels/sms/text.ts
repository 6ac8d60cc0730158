import { withoutAccents } from '../../normalize/accents.ts'
import { clean } from '../../normalize/text.ts'
import type { OutgoingNotice } from '../channel.ts'

/** What letters are written with and the phones' alphabet has not: one of them would more than halve what fits. */
const TYPEWRITTEN: readonly (readonly [RegExp, string])[] = [
  [/[“”„«»″]/g, '"'],
  [/[‘’‚′]/g, "'"],
  [/[‐‑‒–—―−]/g, '-'],
  [/…/g, '...'],
  [/[•·]/g, '*'],
]

/** The one sentence of a notice; that of an answer has the answer in it. Carriers pass brand names on without accents alone. */
export function textOf({ short }: Pick<OutgoingNotice, 'short'>, { accents }: { readonly accents: boolean }): string {
  const text = clean(short)
  return accents ? text : TYPEWRITTEN.reduce((plain, [sign, typed]) => plain.replace(sign, typed), withoutAccents(text))
}
