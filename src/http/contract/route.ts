import type { z } from 'zod'
import type { Action } from '../../core/words.ts'

interface Named {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly url: string
  readonly summary: string
  readonly params?: z.ZodType
  readonly query?: z.ZodType
  readonly body?: z.ZodType
  readonly reply: Readonly<Record<number, z.ZodType>>
}

/** What a stranger may ask. */
export interface OpenRoute extends Named {
  readonly tags: readonly ['citizen'] | readonly ['session'] | readonly ['app'] | readonly ['public']
  readonly may?: never
  /** An app may ask it with its token, for its users; or nobody else may. */
  readonly app?: 'too' | 'only'
}

/**
 * What staff may ask: an action (`core/people/may.ts`), `self` for what every officer may do about their own account, `begun` for what also a
 * session may that still waits for its second step or for its password.
 */
export interface StaffRoute extends Named {
  readonly tags: readonly ['staff']
  readonly may: Action | 'self' | 'begun'
  readonly app?: never
}

/** A route as data: server, OpenAPI document and clients read the same object. */
export type Route = OpenRoute | StaffRoute
