import { randomBytes } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'
import { NotTaken } from '../intake/group-commit.ts'
import type { AccountRules } from './rules.ts'

/** OWASP Password Storage Cheat Sheet: argon2id (the library's default kind), 19 MiB, two passes, one lane. */
const COST = { memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 } as const

/** Hashing takes threads that files need too: so many at a time, so many more in line, and the rest come again (503). */
const AT_ONCE = 2
const IN_LINE = 40
let running = 0
const line: (() => void)[] = []

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= AT_ONCE) {
    if (line.length >= IN_LINE) throw new NotTaken('too many sign in at once')
    await new Promise<void>((resolve) => line.push(resolve))
  } else running++
  try {
    return await work()
  } finally {
    const next = line.shift()
    if (next === undefined) running--
    else next()
  }
}

/** Two ways to type one letter are one letter (RFC 8265 §4). */
const typed = (password: string) => password.normalize('NFC')

export const hashPassword = (password: string): Promise<string> => inTurn(() => hash(typed(password), COST))

/** Nobody's, so that an account that is not there costs the same work as one that is. */
const NOBODYS = hash(randomBytes(24), COST)

export async function isPassword(kept: string | null | undefined, given: string): Promise<boolean> {
  const against = kept ?? (await NOBODYS)
  const right = await inTurn(() => verify(against, typed(given)))
  return right && typeof kept === 'string'
}

/** For an account that somebody else opens or resets; 120 bits, changed at the first sign-in. */
export const temporaryPassword = (): string => randomBytes(15).toString('base64url')

/** `problem` of the same name; `least`: characters. */
export type Weak =
  | { readonly weak: 'password-short'; readonly least: number }
  | { readonly weak: 'password-classes' | 'password-used' }

/** TCVN 14423:2026, 5.6.2.2: length, and classes where no second factor stands beside it. Classes: small and capital letters, digits, others. */
export function weaknessOf(
  password: string,
  { minLength, minLengthAlone }: Pick<AccountRules, 'minLength' | 'minLengthAlone'>,
  secondFactor: boolean,
): Weak | undefined {
  const least = secondFactor ? minLength : minLengthAlone
  if ([...typed(password)].length < least) return { weak: 'password-short', least }
  const classes = [/\p{Ll}/u, /\p{Lu}/u, /\p{Nd}/u, /[^\p{L}\p{Nd}]/u].filter((one) => one.test(password))
  return secondFactor || classes.length === 4 ? undefined : { weak: 'password-classes' }
}
