import { z } from 'zod'
import { type Fault, isFault } from '../core/fault.ts'
import type { Memory, Sent } from './channel.ts'

/** Notices of which a part has gone and a part has not: few at a time, and an old one is not tried any more. */
const MOST_REMEMBERED = 200

/** Of a notice: its token, how many of its parts have gone, and the provider's ids of those. */
const Partly = z.tuple([z.string(), z.int(), z.array(z.string())]).readonly()
type Partly = z.output<typeof Partly>
const Remembered = z.object({ partly: z.array(Partly).max(MOST_REMEMBERED) })

/**
 * Sends the parts one after the other, until one fails. What has gone is remembered, so the next attempt goes on from there: nobody gets
 * the beginning of an answer again and again because its end does not pass.
 */
export async function sendParts(
  parts: readonly string[],
  by: {
    readonly token: string
    readonly memory: Memory
    readonly send: (part: string, at: number) => Promise<Sent | Fault>
  },
): Promise<Sent | Fault> {
  const several = parts.length > 1
  let gone: Partly = (several ? partlyOf(await by.memory.read()).find(([token]) => token === by.token) : undefined) ?? [
    by.token,
    0,
    [],
  ]
  for (const part of parts.slice(gone[1])) {
    const sent = await by.send(part, gone[1])
    if (isFault(sent)) return sent
    gone = [by.token, gone[1] + 1, [...gone[2], ...(sent.providerIds ?? [])]]
    const rest = gone
    if (several) await by.memory.change(async (known) => remember(known, rest, parts.length))
  }
  const [, , providerIds] = gone
  return { sent: true, ...(providerIds.length > 0 && { providerIds }) }
}

function partlyOf(known: unknown): readonly Partly[] {
  return Remembered.safeParse(known).data?.partly ?? []
}

/** Of what is all gone there is nothing to remember. */
function remember(known: unknown, gone: Partly, whole: number): unknown {
  const others = partlyOf(known).filter(([token]) => token !== gone[0])
  const partly = gone[1] === whole ? others : [...others, gone].slice(-MOST_REMEMBERED)
  return { ...(typeof known === 'object' && known), partly }
}
