import type { Secrets } from '../../platform/secrets/secrets.ts'

/**
 * The six digits of a verification, computed from its id and the root key: neither the row nor the notice holds them, so that whoever reads the
 * database cannot say them back.
 */
export function digitsOf(secrets: Pick<Secrets, 'index'>, verificationId: string): string {
  return String(secrets.index('verification', verificationId).readUInt32BE(0) % 1_000_000).padStart(6, '0')
}

/** What is kept of them. */
export function codeHashOf(secrets: Pick<Secrets, 'index'>, verificationId: string, digits: string): Buffer {
  return secrets.index('verification-code', `${verificationId} ${digits}`)
}
