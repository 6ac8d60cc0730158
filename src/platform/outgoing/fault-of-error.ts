import { type Fault, fault } from '../../core/fault.ts'
import { FORBIDDEN } from './connect.ts'

/** OpenSSL's words for a certificate that does not hold (X509_V_ERR_*), and Node's for one made out to another name. */
const BAD_CERTIFICATE: ReadonlySet<string> = new Set([
  'CERT_CHAIN_TOO_LONG',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REJECTED',
  'CERT_REVOKED',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'HOSTNAME_MISMATCH',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
])

/** Why there was no answer. `sent`: a connection stood, so the other side may have read the request and acted on it. */
export function faultOfError(error: unknown, about: { readonly host: string; readonly sent: boolean }): Fault {
  const code = codeOf(error)
  if (code === FORBIDDEN) return fault('config', messageOf(error), { cause: error })
  if (BAD_CERTIFICATE.has(code)) {
    return fault('config', `The certificate of ${about.host} does not hold: ${code}`, { cause: error })
  }
  // The call itself is malformed (a line break in a header, say) and was refused before it left.
  if (code === 'UND_ERR_INVALID_ARG')
    return fault('ours', `A call to ${about.host} could not be written`, { cause: error })
  return about.sent
    ? fault('unreachable', `${about.host} took the connection but gave no whole answer: ${code}`, {
        outcomeUnknown: true,
        cause: error,
      })
    : fault('unreachable', `No connection to ${about.host}: ${code}`, { cause: error })
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  // The total time ran out: a DOMException, whose `code` is a number.
  if (error.name === 'TimeoutError') return 'timeout'
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
