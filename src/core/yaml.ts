import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  Parser,
  parseDocument,
  type YAMLMap,
} from 'yaml'
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

/** Reads YAML against a schema; what is wrong comes back with its line, and `at` says the line of any part of it. Merge keys (`<<`) are allowed, aliases bounded against expansion attacks. */
export function readYaml<T>(
  text: string,
  schema: z.ZodType<T>,
):
  | { readonly value: T; readonly at: (path: readonly PropertyKey[]) => number }
  | { readonly problems: readonly FileProblem[] } {
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
  const at = (path: readonly PropertyKey[]) => lineOf(document, lines, path)
  if (read.success) return { value: read.data, at }
  return {
    problems: read.error.issues.map((issue) => ({
      line: at(issue.path),
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
function valueIn(document: Document): { readonly value: unknown } | { readonly problem: string } {
  try {
    return { value: document.toJS({ maxAliasCount: 100 }) }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) }
  }
}

/** The line of the deepest part of `path` that stands in the file; what an alias or a merge key brings in stands where it was written. */
function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number {
  let line = 1
  let node: unknown = document.contents
  for (const key of [...path, undefined]) {
    if (isNode(node) && node.range) line = lines.linePos(node.range[0]).line
    if (isAlias(node)) node = node.resolve(document)
    if (key === undefined) break
    node = isMap(node) ? memberOf(node, String(key), document) : isSeq(node) ? node.items[Number(key)] : undefined
    if (node === undefined) break
  }
  return line
}

function memberOf(map: YAMLMap, key: string, document: Document): unknown {
  const named = (is: (name: unknown) => boolean) => map.items.find(({ key: at }) => isScalar(at) && is(at.value))?.value
  const own = named((name) => typeof name !== 'symbol' && String(name) === key)
  if (own !== undefined) return own
  const merged = named((name) => typeof name === 'symbol')
  const source = isAlias(merged) ? merged.resolve(document) : merged
  return isMap(source) ? memberOf(source, key, document) : undefined
}

export function describeProblems(file: string, problems: readonly FileProblem[]): string {
  return problems.map((p) => `${file}:${p.line} ${p.path === '' ? '' : `${p.path}: `}${p.problem}`).join('\n')
}
