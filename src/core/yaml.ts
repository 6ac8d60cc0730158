import { LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'

/** One thing wrong in a file, where its writer can find it. */
export interface FileProblem {
  readonly line: number
  readonly path: string
  readonly problem: string
}

const MAX_BYTES = 4 * 1024 * 1024

/** Reads YAML against a schema; what is wrong comes back with its line. Merge keys (`<<`) are allowed, aliases bounded against expansion attacks. */
export function readYaml<T>(
  text: string,
  schema: z.ZodType<T>,
): { readonly value: T } | { readonly problems: readonly FileProblem[] } {
  if (Buffer.byteLength(text) > MAX_BYTES)
    return { problems: [{ line: 1, path: '', problem: `larger than ${MAX_BYTES} bytes` }] }
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
  const read = schema.safeParse(document.toJS({ maxAliasCount: 100 }))
  if (read.success) return { value: read.data }
  return {
    problems: read.error.issues.map((issue) => ({
      line: lineOf(document, lines, issue.path),
      path: issue.path.map(String).join('.'),
      problem: issue.message,
    })),
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
