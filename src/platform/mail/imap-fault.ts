import { type Fault, fault } from '../../core/fault.ts'
import { faultOfError } from '../outgoing/fault-of-error.ts'

/** SELECT was answered with NO. */
export class FolderRefused extends Error {
  readonly folder: string
  readonly missing: boolean

  constructor(folder: string, { missing, cause }: { readonly missing: boolean; readonly cause: unknown }) {
    super('The folder cannot be opened', { cause })
    this.folder = folder
    this.missing = missing
  }
}

/** Response codes of RFC 5530 §3 that say "later", whatever was asked. */
const LATER: ReadonlySet<string> = new Set(['INUSE', 'LIMIT', 'SERVERBUG', 'UNAVAILABLE'])

/** What imapflow stamps on its errors, as far as it is read here. */
interface ImapError {
  readonly code?: string
  readonly authenticationFailed?: boolean
  readonly serverResponseCode?: string
  readonly tlsFailed?: boolean
  readonly responseStatus?: string
}

/**
 * Whose fault it is that IMAP went wrong. A server's own words are left out: they repeat user names. `stood`: the connection was in use before.
 */
export function faultOfImap(
  error: unknown,
  { host, stood }: { readonly host: string; readonly stood: boolean },
): Fault {
  const cause = error instanceof FolderRefused ? error.cause : error
  const { code, authenticationFailed, serverResponseCode, tlsFailed, responseStatus } = (cause ?? {}) as ImapError
  if (serverResponseCode !== undefined && LATER.has(serverResponseCode)) {
    return fault('unreachable', `${host} asks to come again later: ${serverResponseCode}`)
  }
  if (error instanceof FolderRefused) {
    return fault('config', `${host} ${error.missing ? 'has no folder' : 'does not open the folder'} “${error.folder}”`)
  }
  if (authenticationFailed === true) return fault('config', `${host} does not accept the user name and password`)
  if (tlsFailed === true && code === undefined) {
    return fault('config', `${host} offers no STARTTLS, which the settings demand`)
  }
  if (responseStatus !== undefined) return fault('unreachable', `${host} refused a command: ${responseStatus}`)
  const found = faultOfError(error, { host, sent: false })
  return stood && found.fault === 'unreachable'
    ? fault('unreachable', `The connection to ${host} was lost: ${code ?? 'unknown'}`, { cause: error })
    : found
}
