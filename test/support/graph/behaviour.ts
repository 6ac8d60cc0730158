import { z } from 'zod'

/** How the stand-in behaves: what `POST /control` and `--behaviour` take. The README says each in a row. */
export const Behaviour = z.strictObject({
  down: z.enum(['closed', '500']).nullable().default(null),
  token: z.enum(['good', 'expired']).default('good'),
  throttle: z.int().nullable().default(null),
  loseReplies: z
    .union([z.strictObject({ nth: z.int().positive() }), z.strictObject({ every: z.int().positive() })])
    .nullable()
    .default(null),
  subscribed: z.array(z.string()).default(['messages', 'feed', 'message_edits', 'mention', 'message_deliveries']),
  expiresAt: z.int().nonnegative().default(0),
  silent: z.boolean().default(false),
  now: z.iso.datetime({ offset: true }).nullable().default(null),
})
export type Behaviour = z.output<typeof Behaviour>

/** A change names only what changes. Without defaults, which would reset the rest. */
export const Change = z.strictObject(
  Object.fromEntries(Object.entries(Behaviour.shape).map(([name, field]) => [name, field.unwrap().optional()])),
)

export function timeOf(behaviour: Behaviour): Date {
  return behaviour.now === null ? new Date() : new Date(behaviour.now)
}

/** Is the reply to the `count`-th thing written since this was set lost? */
export function losesReply({ loseReplies }: Behaviour, count: number): boolean {
  if (loseReplies === null) return false
  return 'nth' in loseReplies ? count === loseReplies.nth : count % loseReplies.every === 0
}
