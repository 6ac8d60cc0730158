/**
 * Where a notice's token stands in mail, so that whatever answers or returns the letter brings it back:
 * - Message-ID `<paht.TOKEN@domain>`, found again in In-Reply-To, References and the letter inside a bounce;
 * - `local+paht.TOKEN@domain`, the address of answers and of bounces (RFC 5233), found again in To, Delivered-To and the like.
 * Nothing is proved here: whoever holds the key does that.
 */
const MARK = /(?<![a-z0-9])paht\.([a-z0-9]{41})@/g

/** RFC 5321 §4.5.3.1.1. */
const LOCAL_OCTETS = 64

export function messageIdOf(token: string, address: string): string {
  return `<paht.${token}@${domainOf(address)}>`
}

/** Undefined where the local part would be longer than servers take: then Message-IDs alone must do. */
export function plusAddress(address: string, token: string): string | undefined {
  const local = `${address.slice(0, address.lastIndexOf('@'))}+paht.${token}`
  return local.length > LOCAL_OCTETS ? undefined : `${local}@${domainOf(address)}`
}

/** Every token in a text, in order, once. Servers and people change the case of addresses. */
export function findTokens(text: string): string[] {
  return [...new Set(Array.from(text.toLowerCase().matchAll(MARK), (match) => match[1]!))]
}

/** In every letter of ours: one that comes back by a rule that hands mail on is known by it, and so is another deployment's. */
export const NOTICE_HEADER = 'X-PAHT-Notice'

/** The same mailbox, whatever stands behind a plus. */
export function isOurAddress(email: string, address: string): boolean {
  return email.toLowerCase().replace(/\+[^@]*(?=@)/, '') === address.replace(/\+[^@]*(?=@)/, '')
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1)
}
