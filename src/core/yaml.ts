import { Lexer, LineCounter, Parser, parseDocument } from 'yaml'
import type { z } from 'zod'

/** One thing wrong in a file, where its writer can find it. */
export interface FileProblem {
  readonly line: number
  readonly path: string
  readonly problem: string
}

const MAX_BYTES = 4 * 1024 * 1024
/** Our own files have 8. What reads a document goes into it level by level, and V8 ends the process when it must compile a pattern at the end of the stack. */
const MAX_DEPTH = 100

/** Reads YAML against a schema; what is wrong comes back with its line. Merge keys (`<<`) are allowed, aliases bounded against expansion attacks. */
export function readYaml<T>(
  text: string,
  schema: z.ZodType<T>,
): { readonly value: T } | { readonly problems: readonly FileProblem[] } {
  if (Buffer.byteLength(text) > MAX_BYTES)
    return { problems: [{ line: 1, path: '', problem: `larger than ${MAX_BYTES} bytes` }] }
  const tooDeep = lineTooDeep(text)
  if (tooDeep !== undefined)
    return { problems: [{ line: tooDeep, path: '', problem: `nested more than ${MAX_DEPTH} deep` }] }
  const lines = new LineCounter()
  const document = parseDocument(text, { merge: true, lineCounter: lines, version: '1.2' })
  if (document.errors.length > 0) {
    return {
      problems: document.errors.map((e) => ({
        line: lines.linePos(e.pos[0]).line,
        path: '',
        problem: e.message.split('\n')[0]!,
      })),
    }
  }
  const held = valueIn(document)
  if ('problem' in held) return { problems: [{ line: 1, path: '', problem: held.problem }] }
  const read = schema.safeParse(held.value)
  if (read.success) return { value: read.data }
  return {
    problems: read.error.issues.map((issue) => ({
      line: lineOf(document, lines, issue.path),
      path: issue.path.map(String).join('.'),
      problem: issue.message,
    })),
  }
}

/** The lexer and the parser of tokens go round, not down; the stack of the parser is how deep the text is at this place. */
function lineTooDeep(text: string): number | undefined {
  const parser = new Parser()
  let line = 1
  for (const lexeme of new Lexer().lex(text)) {
    // Driving it to its end makes the step; the documents it gives are made anew by whoever reads them.
    for (const _document of parser.next(lexeme));
    if (parser.stack.length > 2 * MAX_DEPTH) return line
    line += lexeme.split('\n').length - 1
  }
  return undefined
}

/** An alias of nothing, or aliases that would grow without end, are found only when they are followed. */
function valueIn(
  document: ReturnType<typeof parseDocument>,
): { readonly value: unknown } | { readonly problem: string } {
  try {
    return { value: document.toJS({ maxAliasCount: 100 }) }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) }
  }
}

/** The line of the deepest part of `path` that stands in the file. */
function lineOf(document: ReturnType<typeof parseDocument>, lines: LineCounter, path: readonly PropertyKey[]): number {
  for (let depth = path.length; depth >= 0; depth--) {
    const node: unknown = document.getIn(path.slice(0, depth), true)
    if (typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range))
      return lines.linePos(node.range[0] as number).line
  }
  return 1
}

export function describeProblems(file: string, problems: readonly FileProblem[]): string {
  return problems.map((p) => `${file}:${p.line} ${p.path === '' ? '' : `${p.path}: `}${p.problem}`).join('\n')
}
