import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hashPassword, isPassword, temporaryPassword, weaknessOf } from './password.ts'
import { AccountRules } from './rules.ts'

const RULES = AccountRules.parse({})

describe('a password', () => {
  it('is kept as argon2id with the costs of OWASP, and salted', async () => {
    const [one, other] = await Promise.all([hashPassword('Ổ gà 2026!'), hashPassword('Ổ gà 2026!')])
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(one).not.toBe(other)
    expect(await isPassword(one, 'Ổ gà 2026!')).toBe(true)
    expect(await isPassword(one, 'ổ gà 2026!')).toBe(false)
  })

  it('is the same however its accents are typed', async () => {
    const kept = await hashPassword('mật khẩu'.normalize('NFD'))
    expect(await isPassword(kept, 'mật khẩu'.normalize('NFC'))).toBe(true)
  })

  it.each([undefined, null])('of nobody is none, after the same work: %s', async (kept) => {
    expect(await isPassword(kept, 'x')).toBe(false)
  })

  it('is refused, to come again, where too many are tried at once; those in line are served', async () => {
    const tries = await Promise.allSettled(Array.from({ length: 60 }, () => isPassword(undefined, 'x')))
    const refused = tries.filter(({ status }) => status === 'rejected')
    expect(refused.length).toBeGreaterThan(0)
    expect(refused.length).toBeLessThan(30)
    expect(await isPassword(undefined, 'x')).toBe(false)
  })

  it.each<[string, boolean, string | undefined]>([
    ['1234567', true, 'password-short'],
    ['12345678', true, undefined],
    ['12345678', false, 'password-short'],
    ['Abcdefghijk1!', false, 'password-short'],
    ['Abcdefghijkl1!', false, undefined],
    ['abcdefghijkl1!', false, 'password-classes'],
    ['ABCDEFGHIJKL1!', false, 'password-classes'],
    ['Abcdefghijklm!', false, 'password-classes'],
    ['Abcdefghijklm1', false, 'password-classes'],
    ['Cơn mưa rào thứ 3', false, undefined],
    ['🌧🌧🌧🌧', true, 'password-short'],
  ])('%s with a second factor: %s → %s', (password, secondFactor, weak) => {
    expect(weaknessOf(password, RULES, secondFactor)?.weak).toBe(weak)
  })

  it('never gets weaker by a longer rule', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), fc.boolean(), (password, second) => {
        const strict = weaknessOf(password, { minLength: 20, minLengthAlone: 30 }, second)
        return strict !== undefined || weaknessOf(password, RULES, second) === undefined
      }),
    )
  })

  it('that is handed over is new each time', () => {
    expect(temporaryPassword()).toMatch(/^[\w-]{20}$/)
    expect(temporaryPassword()).not.toBe(temporaryPassword())
  })
})

describe('the rules', () => {
  it('can be stricter than the standard, never looser', () => {
    expect(AccountRules.safeParse({ failures: 3, idleMinutes: 5, minLength: 12 }).success).toBe(true)
    for (const looser of [
      { failures: 6 },
      { failures: 0 },
      { lockHours: 11 },
      { idleMinutes: 16 },
      { itIdleMinutes: 6 },
      { minLength: 7 },
      { minLengthAlone: 13 },
      { remember: 9 },
      { itPasswordMonths: 3 },
      { sessionHours: 13 },
      { idleAccountDays: 46 },
      { logMonths: 11 },
      { lenght: 8 },
    ])
      expect(AccountRules.safeParse(looser).success).toBe(false)
  })
})
