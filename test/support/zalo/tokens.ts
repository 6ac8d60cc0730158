import { randomBytes } from 'node:crypto'

/** Access tokens hold until told otherwise; a refresh token is good for one use. */
export interface Tokens {
  readonly asked: () => number
  holds(access: string | undefined): boolean
  expire(): void
  refresh(token: string | null): object
}

export function openTokens(first: string): Tokens {
  const used = new Set<string>()
  let current = first
  let access: string | undefined
  let asked = 0
  return {
    asked: () => asked,
    holds: (token) => access !== undefined && token === access,
    expire: () => {
      access = undefined
    },
    refresh: (token) => {
      asked += 1
      if (token === null || (token !== current && !used.has(token))) {
        return { error_name: 'Invalid refresh token', error_reason: 'Invalid refresh token', error: -14014 }
      }
      if (used.has(token)) {
        return { error_name: 'Refresh token was used', error_reason: 'Refresh token was used', error: -14020 }
      }
      used.add(token)
      current = randomBytes(60).toString('base64url')
      access = randomBytes(60).toString('base64url')
      // As text, as Zalo writes it.
      return { access_token: access, refresh_token: current, expires_in: '90000' }
    },
  }
}
