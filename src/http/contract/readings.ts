import { z } from 'zod'

export const FieldValue = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]).nullable()

/** One field of a report, as it was read and as an officer corrected it. */
export const FieldRead = z
  .object({
    value: FieldValue.meta({ description: 'What counts: the officer’s word, or what was read' }),
    read: FieldValue.meta({ description: 'What was read, whatever was made of it' }),
    confidence: z.number().min(0).max(1),
    from: z.string().meta({ description: 'Part of the report that it was read from' }),
    span: z
      .object({ start: z.int(), end: z.int() })
      .nullable()
      .meta({ description: 'Where in that part, in UTF-16 units' }),
    candidates: z.array(z.object({ value: z.string(), confidence: z.number().nullable() })),
    why: z.array(z.string()).meta({ description: 'Words or rules that decided' }),
    corrected: z.object({ by: z.string(), at: z.iso.datetime() }).nullable(),
  })
  .meta({ id: 'FieldRead' })
