import type { Contact } from '../../channels/channel.ts'
import type { Act } from '../act.ts'
import { contactOf } from '../intake/open-sealed.ts'
import { withoutContacts } from '../reading/without-contacts.ts'
import { familyOf, reportsOf } from './hold.ts'

/** What an officer or an office wrote about a case, without whatever would say who reported it. */
export async function masked(a: Act, rootId: string, text: string): Promise<string> {
  return withoutContacts(text, await contactsOf(a, rootId))
}

/** Everybody who reported the matter, with its copies that were put into it. */
export async function contactsOf(a: Act, rootId: string): Promise<Contact[]> {
  const contacts: Contact[] = []
  for (const { reporterId } of await reportsOf(a.tx, await familyOf(a.tx, rootId)))
    contacts.push(await contactOf(a.tx, a.ports.secrets, reporterId))
  return contacts
}
