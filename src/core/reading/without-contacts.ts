import type { Contact } from '../../channels/channel.ts'
import { toEmail } from '../../normalize/email.ts'
import { findPersonal, MARK, type Personal } from '../../normalize/mask.ts'
import { toE164 } from '../../normalize/phone.ts'

/**
 * What an office wrote, without what would say who reported: their names, numbers and addresses, and anybody's identity number or plate. The
 * office's own telephone number, mail address and account stay, the reporter may need them; not so where somebody who reported is not known
 * (any more): then it cannot be told whose they are.
 */
export function withoutContacts(text: string, contacts: readonly Contact[]): string {
  const allKnown = contacts.length > 0 && contacts.every((contact) => Object.keys(contact).length > 0)
  const known = contacts.length > 0 ? contacts : [{}]
  return known.reduce<string>((rest, contact) => {
    const spans = findPersonal(rest, contact).filter((span) => !(allKnown && isOfOffice(contact, span, rest)))
    return spans.reduceRight((t, { start, end }) => t.slice(0, start) + MARK + t.slice(end), rest)
  }, text)
}

/** A number or address that can be read and is another than the reporter's; what was found by knowing theirs alone cannot be read by itself. */
function isOfOffice(contact: Contact, { kind, start, end }: Personal, text: string): boolean {
  const written = text.slice(start, end)
  if (kind === 'phone') return isAnother(toE164(written), contact.phone && toE164(contact.phone))
  if (kind === 'email') return isAnother(toEmail(written), contact.email && toEmail(contact.email))
  return kind === 'account'
}

function isAnother(read: string | undefined, theirs: string | undefined): boolean {
  return read !== undefined && read !== theirs
}
