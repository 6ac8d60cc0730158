import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  timingSafeEqual,
} from 'node:crypto'
import { newId, randomPooled } from './random.ts'

export const CIPHER = 'aes-256-gcm'
export const KEY_BYTES = 32
/** 96 bits, the length for which GCM needs no extra hashing (NIST SP 800-38D §5.2.1.1). */
export const NONCE_BYTES = 12
export const TAG_BYTES = 16
const TOKEN_BYTES = 16

/** One per submission: to erase the submission is to destroy this key. */
export interface DataKey {
  /** UUID version 7. */
  readonly id: string
  /** 32 bytes. */
  readonly key: Buffer
}

/** A key that does not fit, or bytes that are not what was sealed. The message holds neither key nor content. */
export class SecretsError extends Error {
  override readonly name = 'SecretsError'
}

/**
 * Everything that is derived from `PAHT_SECRET_KEY`. A context, kind or purpose is a fixed label in our code (a row's id may be part of
 * it), never something that a stranger chooses.
 */
export interface Secrets {
  /** A fresh data key, and the form in which it is stored. */
  newDataKey(): { readonly dataKey: DataKey; readonly wrapped: Buffer }
  /** Throws `SecretsError` when it was wrapped under another `PAHT_SECRET_KEY` or for another id. */
  unwrap(id: string, wrapped: Buffer): DataKey
  /** AES-256-GCM: nonce (12) || ciphertext || tag (16). What was sealed in one context does not open in another. */
  seal(key: DataKey, plain: Buffer | string, context: string): Buffer
  /** Throws `SecretsError` when a byte, the key or the context is another. */
  open(key: DataKey, sealed: Buffer, context: string): Buffer
  /** For passwords and tokens of sources and links: under a key derived from the root key, since no submission owns them. */
  sealSetting(plain: string, context: string): Buffer
  openSetting(sealed: Buffer, context: string): string
  /** HMAC-SHA256, 32 bytes: finds a row by phone, address or provider id where the value itself is not readable. */
  index(kind: string, value: string): Buffer
  /** HMAC-SHA256, 32 bytes, over the sequence of parts: moving a byte from one part into the next gives another MAC. */
  historyMac(parts: readonly (Buffer | string)[]): Buffer
  /** 128 bits as base64url: an unguessable link that is computed again instead of stored. */
  token(purpose: string, subject: string): string
  /** In constant time for values of equal length; the length of a token is no secret. */
  sameToken(a: string, b: string): boolean
  /** 32 bytes; the salt (at least 16 random bytes) stands in the clear at the head of the backup. */
  backupKey(salt: Buffer): Buffer
}

/** `rootKey`: 32 bytes, see `root-key.ts`. One sub-key a purpose, by HKDF-SHA256 (RFC 5869), derived once. */
export function makeSecrets(rootKey: Buffer): Secrets {
  if (rootKey.length !== KEY_BYTES) throw new SecretsError(`The root key must have ${KEY_BYTES} bytes.`)
  const root = createSecretKey(rootKey)
  // 2^32 random nonces are the bound for one key (NIST SP 800-38D §8.3): the wrapping key meets it after four thousand million submissions.
  const wrapping = derive(root, 'wrap')
  const settings = derive(root, 'settings')
  const indexes = derive(root, 'index')
  const history = derive(root, 'history')
  const tokens = derive(root, 'token')

  return {
    newDataKey() {
      const dataKey = { id: newId(), key: randomPooled(KEY_BYTES) }
      return { dataKey, wrapped: seal(wrapping, dataKey.key, dataKey.id) }
    },
    unwrap: (id, wrapped) => ({ id, key: open(wrapping, wrapped, id) }),
    seal: (dataKey, plain, context) => seal(dataKey.key, plain, context),
    open: (dataKey, sealed, context) => open(dataKey.key, sealed, context),
    sealSetting: (plain, context) => seal(settings, plain, context),
    openSetting: (sealed, context) => open(settings, sealed, context).toString('utf8'),
    index: (kind, value) => mac(indexes, [kind, value]),
    historyMac: (parts) => mac(history, parts),
    token: (purpose, subject) => mac(tokens, [purpose, subject]).subarray(0, TOKEN_BYTES).toString('base64url'),
    sameToken(a, b) {
      const left = Buffer.from(a)
      const right = Buffer.from(b)
      return left.length === right.length && timingSafeEqual(left, right)
    },
    backupKey(salt) {
      if (salt.length < 16) throw new SecretsError('The salt of a backup must have at least 16 bytes.')
      return Buffer.from(hkdfSync('sha256', root, salt, 'paht backup v1', KEY_BYTES))
    },
  }
}

function derive(root: KeyObject, purpose: string): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', root, '', `paht ${purpose} v1`, KEY_BYTES)))
}

function seal(key: KeyObject | Buffer, plain: Buffer | string, context: string): Buffer {
  const nonce = randomPooled(NONCE_BYTES)
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES })
  cipher.setAAD(Buffer.from(context))
  const ciphertext = typeof plain === 'string' ? cipher.update(plain, 'utf8') : cipher.update(plain)
  cipher.final() // GCM is a stream: nothing is left over
  return Buffer.concat([nonce, ciphertext, cipher.getAuthTag()])
}

function open(key: KeyObject | Buffer, sealed: Buffer, context: string): Buffer {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) throw new SecretsError(`Sealed bytes are cut off (${label(context)}).`)
  const decipher = createDecipheriv(CIPHER, key, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
  decipher.setAAD(Buffer.from(context))
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES))
  const plain = decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES))
  try {
    return Buffer.concat([plain, decipher.final()])
  } catch (cause) {
    const message = `Sealed bytes do not open: they were changed, or PAHT_SECRET_KEY is another one (${label(context)}).`
    throw new SecretsError(message, { cause })
  }
}

/** Contexts are labels and row ids; bounded all the same, since messages end in the log. */
function label(context: string): string {
  return context.slice(0, 80)
}

/** Each part goes in behind its length, so that ("ab", "c") and ("a", "bc") differ; all in one update, each of which costs a call into OpenSSL. */
function mac(key: KeyObject, parts: readonly (Buffer | string)[]): Buffer {
  const message = Buffer.allocUnsafe(parts.reduce((sum, part) => sum + 4 + Buffer.byteLength(part), 0))
  let at = 0
  for (const part of parts) {
    const written = typeof part === 'string' ? message.write(part, at + 4) : part.copy(message, at + 4)
    message.writeUInt32BE(written, at)
    at += 4 + written
  }
  return createHmac('sha256', key).update(message).digest()
}
