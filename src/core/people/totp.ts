import { Secret, TOTP } from 'otpauth'

/** RFC 6238 as every authenticator knows it: SHA-1, six digits, 30 s. */
const PERIOD = 30
const KIND = { algorithm: 'SHA1', digits: 6, period: PERIOD } as const
/** RFC 6238 §5.2: one step before or after, for clocks that differ and fingers that are slow. */
const WINDOW = 1

/** A new one, Base32. */
export const newTotpSecret = (): string => new Secret({ size: 20 }).base32

/** What an authenticator reads off a QR code. */
export function totpUri(secret: string, login: string): string {
  return new TOTP({ ...KIND, issuer: 'PAHT Hub', label: login, secret: Secret.fromBase32(secret) }).toString()
}

/** The step whose code this is, later than `lastStep`; undefined where it is none: a code is taken once (RFC 6238 §5.2). */
export function stepOf(secret: string, code: string, at: Date, lastStep: number | null): number | undefined {
  if (!/^\d{6}$/.test(code)) return undefined
  const totp = new TOTP({ ...KIND, secret: Secret.fromBase32(secret) })
  const delta = totp.validate({ token: code, timestamp: at.getTime(), window: WINDOW })
  if (delta === null) return undefined
  const step = Math.floor(at.getTime() / 1000 / PERIOD) + delta
  return lastStep === null || step > lastStep ? step : undefined
}
