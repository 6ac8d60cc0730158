import { fold } from './text.ts'

/** 30 symbols that cannot be taken for one another when read aloud or off paper: no 0 and O, no 1, I and L, no U. */
export const CODE_SYMBOLS = '23456789ABCDEFGHJKMNPQRSTVWXYZ'
const MODULUS = CODE_SYMBOLS.length
const SHAPE = new RegExp(`^([A-Z]{2,4})(\\d{2})([${CODE_SYMBOLS}]{8})$`)

export interface NewCode {
  /** Two to four letters of the deployment, such as DB. */
  readonly prefix: string
  readonly year: number
  /** A whole number from 0 to max - 1, from a source that cannot be guessed. */
  readonly random: (max: number) => number
}

/**
 * A case's code that a person can read over the phone: `DB-26-7K3M-9QXT`, seven random symbols (2.2e10 of them a year) and
 * a check symbol over the whole. It may collide: whoever stores it has a unique index and draws again.
 */
export function makeCode({ prefix, year, random }: NewCode): string {
  const head = prefix + String(year % 100).padStart(2, '0')
  const body = Array.from({ length: 7 }, () => CODE_SYMBOLS[random(MODULUS)]).join('')
  const code = head + body + checkSymbol(head + body)
  if (!SHAPE.test(code)) throw new Error(`cannot make a code of prefix "${prefix}" and year ${year}`)
  return withDashes(code)
}

/** The canonical code in what a person typed or an officer heard (any case, blanks, dashes or none), or undefined. */
export function parseCode(text: string): string | undefined {
  if (text.length > 60) return undefined
  const code = fold(text).replaceAll(' ', '').toUpperCase()
  return SHAPE.test(code) && checkSymbol(code.slice(0, -1)) === code.at(-1) ? withDashes(code) : undefined
}

/** Codes as letters of ours write them, and as people type them. */
const CODE = /[A-Z]{2,4}[ -]?\d{2}[ -]?[A-Z0-9]{4}[ -]?[A-Z0-9]{4}(?![A-Z0-9])/gi

/** The canonical codes in the first thousand characters of what a person wrote, each once. */
export function findCodes(text: string): string[] {
  const found = Array.from(text.slice(0, 1000).matchAll(CODE), ([code]) => parseCode(code))
  return [...new Set(found.filter((code) => code !== undefined))]
}

function withDashes(code: string): string {
  return [code.slice(0, -10), code.slice(-10, -8), code.slice(-8, -4), code.slice(-4)].join('-')
}

/**
 * ISO/IEC 7064 hybrid system MOD 31,30. 31 is prime, so each step is a permutation of the 30 states: every single wrong
 * symbol is caught, wherever it stands. Of all exchanges of two neighbours it misses 0.23 % (62 of 26,970, counted in the tests),
 * of anything else, such as two wrong symbols, one in 30.
 */
function checkSymbol(payload: string): string {
  let state = MODULUS
  for (let i = 0; i < payload.length; i++) state = step(state, symbolValue(payload, i))
  return CODE_SYMBOLS[(MODULUS + 1 - state) % MODULUS]!
}

function step(state: number, value: number): number {
  const sum = (state + value) % MODULUS
  return ((sum === 0 ? MODULUS : sum) * 2) % (MODULUS + 1)
}

/** Prefix and year may hold I, L, O, U, 0 and 1: there letters count A = 0 to Z = 25 and digits as they are. */
function symbolValue(payload: string, i: number): number {
  const symbol = payload[i]!
  if (i >= payload.length - 7) return CODE_SYMBOLS.indexOf(symbol)
  return symbol >= 'A' ? symbol.charCodeAt(0) - 65 : Number(symbol)
}
