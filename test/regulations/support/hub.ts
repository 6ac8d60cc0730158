import type { Officer } from '../../../src/core/people/officer.ts'
import type { ConfigFile } from '../../../src/core/settings/config-file.ts'
import type { Role } from '../../../src/core/words.ts'

/** The product, as a process or in this one. */
export interface Hub {
  readonly url: string
  /** With every role. */
  readonly token: string
  readonly accounts: Accounts
  now(): Date
  move(to: Date): Promise<void>
  /** Does, or waits for, what is due; true where nothing is left. */
  rest(): Promise<boolean>
  apply(config: Pick<ConfigFile, 'links' | 'sources' | 'agencies'>): Promise<void>
  close(): Promise<void>
}

/** How people come to the product. */
export interface Accounts {
  /** Gives the id. */
  add(account: { readonly login: string; readonly role: Role; readonly agencies: Officer['agencies'] }): Promise<string>
  /** Gives the token of a session. */
  signIn(login: string): Promise<string>
}
