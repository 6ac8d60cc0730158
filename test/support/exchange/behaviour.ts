import { z } from 'zod'

const MOMENTS = ['nothing', '01', '03', '04', '05', '06', 'answer'] as const

/** How the exchange and its offices behave: what `POST /control` and `--behaviour` take. The README says each in a row. */
export const Behaviour = z.strictObject({
  slowMs: z.int().nonnegative().default(0),
  down: z.enum(['closed', '503']).nullable().default(null),
  loseReplies: z
    .union([z.strictObject({ nth: z.int().positive() }), z.strictObject({ every: z.int().positive() })])
    .nullable()
    .default(null),
  reject: z.enum(['18', '19', '20', '21', '22', '23']).nullable().default(null),
  duplicates: z.enum(['accept', 'refuse']).default('accept'),
  edxmlAs: z.enum(['text', 'base64']).default('text'),
  stepMs: z.int().nonnegative().default(1000),
  byHand: z.boolean().default(false),
  until: z.enum(MOMENTS).default('answer'),
  refuse: z.string().min(1).nullable().default(null),
  takeBack: z.enum(['agree', 'refuse']).default('agree'),
  answerText: z.string().min(1).default('Đã xử lý xong.'),
  answerFile: z.enum(['plain', 'zip', 'alternate']).default('alternate'),
  sendTwice: z.boolean().default(false),
  answerTwice: z.boolean().default(false),
  outOfOrder: z.boolean().default(false),
  unknownCode: z
    .string()
    .regex(/^\d\d$/)
    .nullable()
    .default(null),
  unknownDocument: z.array(z.enum(['status', 'answer'])).default([]),
  now: z.iso.datetime({ offset: true }).nullable().default(null),
})
export type Behaviour = z.output<typeof Behaviour>

/** A change names only what changes. Without defaults, which would reset the rest. */
export const Change = z.strictObject(
  Object.fromEntries(Object.entries(Behaviour.shape).map(([name, field]) => [name, field.unwrap().optional()])),
)

/** The exchange's own clock: an hour that a test sets, else that of the machine. It shares none with the hub. */
export function timeOf(behaviour: Behaviour): Date {
  return behaviour.now === null ? new Date() : new Date(behaviour.now)
}

/** Does the exchange lose the reply to the `count`-th document since this was set? */
export function losesReply({ loseReplies }: Behaviour, count: number): boolean {
  if (loseReplies === null) return false
  return 'nth' in loseReplies ? count === loseReplies.nth : count % loseReplies.every === 0
}
