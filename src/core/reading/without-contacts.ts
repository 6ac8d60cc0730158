import type { Contact } from '../../channels/channel.ts'
import { toEmail } from '../../normalize/email.ts'
import { findPersonal, MARK, type Personal } from '../../normalize/mask.ts'
import { toE164 } from '../../normalize/phone.ts'

/**
 * What an office wrote, without what would say who reported: their names, numbers and addresses. The office's own telephone number stays, the
 * reporter may need it.
 */
export function withoutContacts(text: string, contacts: readonly Contact[]): string {
  return contacts.reduce<string>((rest, contact) => {
    const theirs = findPersonal(rest, contact).filter((span) => isOf(contact, span, rest))
    return theirs.reduceRight((t, { start, end }) => t.slice(0, start) + MARK + t.slice(end), rest)
  }, text)
}

function isOf(contact: Contact, { kind, start, end }: Personal, text: string): boolean {
  const written = text.slice(start, end)
  if (kind === 'phone') return contact.phone !== undefined && toE164(written) === contact.phone
  if (kind === 'email') return contact.email !== undefined && toEmail(written) === toEmail(contact.email)
  return kind === 'name' || kind === 'address'
}
