import { z } from 'zod'

/** How the office behaves: what `POST /control` and `--behaviour` take. The README says each in a row. */
export const Behaviour = z.strictObject({
  slowMs: z.int().nonnegative().default(0),
  down: z.enum(['closed', '503']).nullable().default(null),
  loseReplies: z
    .union([z.strictObject({ nth: z.int().positive() }), z.strictObject({ every: z.int().positive() })])
    .nullable()
    .default(null),
  reject: z.boolean().default(false),
  refuse: z.string().nullable().default(null),
  answers: z.boolean().default(false),
  answerText: z.string().default('Done.'),
  sendTwice: z.boolean().default(false),
  outOfOrder: z.boolean().default(false),
  silent: z.boolean().default(false),
  now: z.iso.datetime({ offset: true }).nullable().default(null),
})
export type Behaviour = z.output<typeof Behaviour>

/** A change names only what changes. Without defaults, which would reset the rest. */
export const Change = z.strictObject(
  Object.fromEntries(Object.entries(Behaviour.shape).map(([name, field]) => [name, field.unwrap().optional()])),
)

/** The office's own clock: an hour that a test sets, else that of the machine. It shares none with the hub. */
export function timeOf(behaviour: Behaviour): Date {
  return behaviour.now === null ? new Date() : new Date(behaviour.now)
}

/** Does the office lose the reply to the `count`-th delivery since this was set? */
export function losesReply({ loseReplies }: Behaviour, count: number): boolean {
  if (loseReplies === null) return false
  return 'nth' in loseReplies ? count === loseReplies.nth : count % loseReplies.every === 0
}
