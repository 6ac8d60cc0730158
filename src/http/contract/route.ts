import type { z } from 'zod'

/** A route as data: server, OpenAPI document and clients read the same object. */
export interface Route {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly summary: string
  readonly tags: readonly string[]
  readonly params?: z.ZodType
  readonly query?: z.ZodType
  readonly body?: z.ZodType
  readonly reply: Readonly<Record<number, z.ZodType>>
}
