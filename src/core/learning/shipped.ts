import { z } from 'zod'
import type { ReadData } from '../../normalize/read-report.ts'
import type { ReadShipped } from '../deadlines/load-calendar.ts'

const Model = z.object({
  classes: z.array(z.string()),
  bias: z.array(z.number()),
  weights: z.record(z.string(), z.array(z.number())),
})

/** Both that a reader learns: which field a matter belongs to, and what cannot wait. */
export const Models = z.object({ matters: Model, urgency: Model })
export type Models = Pick<ReadData, 'matters' | 'urgency'>

const read = new WeakMap<ReadShipped, Promise<Models>>()

/** What ships: `test/eval/learn.ts` makes it of `data/learn` and the corpus. */
export function shippedModels(readShipped: ReadShipped): Promise<Models> {
  const models =
    read.get(readShipped) ?? readShipped('data/learn/model.json').then((text) => Models.parse(JSON.parse(text)))
  read.set(readShipped, models)
  return models
}
