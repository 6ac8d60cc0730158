import { z } from 'zod'

/** Addresses that something happens to; `*` is every address. */
const Addresses = z.array(z.string())

/** How the SMTP side behaves: what `POST /control` takes. The README says each in a row. */
export const Behaviour = z.strictObject({
  reject: Addresses.default([]),
  defer: Addresses.default([]),
  bounce: Addresses.default([]),
  loseReplies: z
    .union([z.strictObject({ nth: z.int().positive() }), z.strictObject({ every: z.int().positive() })])
    .nullable()
    .default(null),
  slowMs: z.int().nonnegative().default(0),
})
export type Behaviour = z.output<typeof Behaviour>

/** A change names only what changes. Without defaults, which would reset the rest. */
export const Change = z.strictObject(
  Object.fromEntries(Object.entries(Behaviour.shape).map(([name, field]) => [name, field.unwrap().optional()])),
)

export function among(addresses: readonly string[], address: string): boolean {
  return addresses.some((one) => one === '*' || one.toLowerCase() === address.toLowerCase())
}

/** Is the reply to the `count`-th mail since this was set lost? */
export function losesReply({ loseReplies }: Behaviour, count: number): boolean {
  if (loseReplies === null) return false
  return 'nth' in loseReplies ? count === loseReplies.nth : count % loseReplies.every === 0
}
