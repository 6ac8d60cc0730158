export interface DescribedError {
  readonly type: string
  readonly message: string
  /** SQLSTATE, errno or the library's own code. */
  readonly code?: string
  readonly stack?: string
  readonly cause?: DescribedError
}

/**
 * What may be kept of an error. Errors of libraries carry whole clients with their keys, rows (`detail`) and parameters: of an error only its
 * name, message, code and stack are taken, and of a failed query the statement without its values.
 */
export function describeError(error: unknown, depth = 0): DescribedError {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error).slice(0, 500) }
  const { code } = error as { code?: unknown }
  return {
    type: error.name,
    message: withoutValues(error.message),
    ...((typeof code === 'string' || typeof code === 'number') && { code: String(code) }),
    ...(error.stack !== undefined && { stack: framesOf(error.stack) }),
    ...(error.cause instanceof Error && depth < 3 && { cause: describeError(error.cause, depth + 1) }),
  }
}

/** drizzle-orm names the values in the message: `Failed query: …\nparams: …`. */
function withoutValues(message: string): string {
  return (message.split('\nparams:', 1)[0] ?? '').slice(0, 1000)
}

/** The frames alone: the first lines repeat the message. */
function framesOf(stack: string): string {
  return stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 12)
    .join('\n')
}
