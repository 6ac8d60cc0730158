import { type DestinationStream, pino } from 'pino'
import { describeError } from './describe-error.ts'

export type Log = pino.Logger

/** A run of 8 or more digits, however it is broken up: what a phone number looks like. Times are written as ISO text, and ids have letters or dashes around. */
const PHONE_LIKE = /(?<![\w-])\+?\d(?:[ .-]?\d){7,14}(?![\w-])/g
const EMAIL_LIKE = /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+/g

/**
 * One wide line for each thing that happened (`submission.stored`, `delivery.attempted`). The last line of defence for privacy stands
 * here: whatever somebody logs by mistake, a phone number or a mail address does not get out.
 */
export function makeLog(level: string, out: DestinationStream = process.stdout): Log {
  const guarded: DestinationStream = {
    write: (line) => out.write(`${JSON.stringify(JSON.parse(line), withoutContact)}\n`),
  }
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: (error: unknown) => describeError(error) },
      redact: {
        paths: ['*.phone', '*.email', '*.name', '*.address', '*.secret', '*.token', 'req.headers'],
        censor: '●',
      },
    },
    guarded,
  )
}

/** Value by value, so that a line stays JSON and a figure of ours (bytes, milliseconds) stays a number: phones have 9 to 11 digits without a zero before. */
function withoutContact(_field: string, value: unknown): unknown {
  if (typeof value === 'string') return value.replace(PHONE_LIKE, '●').replace(EMAIL_LIKE, '●')
  return typeof value === 'number' && /^\d{9,11}$/.test(String(value)) ? '●' : value
}
