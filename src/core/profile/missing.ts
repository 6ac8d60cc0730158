import type { Contact } from '../../channels/channel.ts'
import { ASKABLE, type Askable } from '../words.ts'
import type { ProfileVersion } from './profile.ts'

/** What a report says, as far as it can be asked for. */
export interface Said {
  readonly content: boolean
  /** `known`: it leads to a unit; `said`: something is said of it. */
  readonly place: 'known' | 'said' | 'nothing'
  readonly contact: Contact
}

/**
 * What the rules demand and a report lacks. Its contact is enough where one of `report.elsewhere` is there: on channels without a form nobody is
 * sent away for a mail address. A category is never asked for: it is read, or an officer knows it.
 */
export function missingOf({ report, routing }: ProfileVersion, said: Said): Askable[] {
  const demanded = new Set(report.required.flatMap((field) => (typeof field === 'string' ? [field] : field.anyOf)))
  const asks = report.insufficient.do === 'ask-back'
  const unplaced = routing.unknown.ask === 'place' && said.place !== 'known'
  const lacks: Readonly<Record<Askable, boolean>> = {
    content: asks && demanded.has('content') && !said.content,
    place: unplaced || (asks && demanded.has('address') && said.place === 'nothing'),
    name: asks && demanded.has('name') && said.contact.name === undefined,
    contact:
      asks &&
      (demanded.has('phone') || demanded.has('email')) &&
      report.elsewhere.every((field) => said.contact[field as keyof Contact] === undefined),
  }
  return ASKABLE.filter((what) => lacks[what])
}
