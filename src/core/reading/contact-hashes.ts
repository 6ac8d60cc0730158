import type { Contact } from '../../channels/channel.ts'
import type { Secrets } from '../../platform/secrets/secrets.ts'
import type { ContactHashes } from './follows.ts'

/** What a sender is found again by. A provider's id means something to one source alone. */
export function hashesOf(secrets: Secrets, contact: Contact, sourceId: string): ContactHashes {
  return (['phone', 'email', 'provider'] as const).flatMap((kind) => {
    const value = contact[kind]
    if (value === undefined) return []
    return [{ kind, hash: secrets.index(kind, kind === 'provider' ? `${sourceId}:${value}` : value) }]
  })
}
