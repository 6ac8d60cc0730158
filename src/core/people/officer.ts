import { ROLES, type Role } from '../words.ts'

/** Who does something: a signed-in user, a program with a token, the command line. */
export interface Officer {
  /** Of the user or the token. */
  readonly id: string
  /** As histories name them: `user:<id>`, `staff:<token id>`, `command-line`. Never a name. */
  readonly actor: string
  readonly roles: readonly Role[]
  /** For which agencies the roles `agency` and `leader` hold; the other roles know no agency. */
  readonly agencies: 'all' | readonly string[]
}

/** Whoever may start the product's own program on its machine. */
export const COMMAND_LINE: Officer = { id: 'command-line', actor: 'command-line', roles: ROLES, agencies: 'all' }

/** As tables keep it. */
export const EVERY_AGENCY = '*'
export const agenciesOf = (kept: readonly string[]): Officer['agencies'] => (kept.includes(EVERY_AGENCY) ? 'all' : kept)
