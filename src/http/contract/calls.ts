import { z } from 'zod'
import { Problem } from './problem.ts'
import type { Route } from './route.ts'
import { refusals, staff, text } from './staff.ts'

/** Beside the fields of the hotline's form. */
export const CallLogged = z.object({
  source: text(80).meta({ description: 'Id of the hotline that was called' }),
})

export const logCall = {
  ...staff,
  may: 'report.log',
  method: 'POST',
  url: '/api/v1/calls',
  summary: 'Write down a report that somebody makes by telephone, while they speak',
  reply: {
    201: z
      .object({
        code: z.string(),
        status: z.literal('received'),
        message: z.string().meta({ description: 'To be read to the caller' }),
      })
      .meta({ id: 'CallTaken' }),
    ...refusals,
    413: Problem,
    415: Problem,
  },
} as const satisfies Route
