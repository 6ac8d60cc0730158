import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A page that says what to type and what is answered: blocks of `sh`, each with what it shows (`json`, `text`) where that follows. */
export interface Step {
  readonly line: number
  readonly commands: string
  readonly shows?: { readonly as: 'json' | 'text'; readonly text: string }
}

const FENCE = /^```(\w*)\n([\s\S]*?)^```$/gm

export function stepsOf(page: string): Step[] {
  const steps: Step[] = []
  for (const { 1: kind, 2: text = '', index } of page.matchAll(FENCE)) {
    const last = steps.at(-1)
    if (kind === 'sh') steps.push({ line: page.slice(0, index).split('\n').length, commands: text })
    else if ((kind === 'json' || kind === 'text') && last !== undefined && last.shows === undefined)
      steps[steps.length - 1] = { ...last, shows: { as: kind, text } }
    else throw new Error(`a block of ${kind} that follows nothing`)
  }
  return steps
}

/** A shell in a folder of its own, as somebody types into one: what a block sets, the next one has. */
export interface Shell {
  run(commands: string): Promise<string>
}

export async function openShell(folder: string, env: Readonly<Record<string, string>>): Promise<Shell> {
  const state = join(folder, '.state')
  await writeFile(state, '')
  return {
    run: async (commands) => {
      const script = `set -euo pipefail; set -a; . ${state}\n${commands}\n{ export -p; declare -f; } > ${state}`
      const child = spawn('bash', ['-c', script], { cwd: folder, env: { ...process.env, ...env } })
      const [out, err] = [collect(child.stdout), collect(child.stderr)]
      // What goes on in the background must have let go of both.
      const [code] = (await once(child, 'close')) as [number | null]
      if (code !== 0) throw new Error(`exit ${code}\n${commands}\n${out()}\n${err()}`)
      return out()
    },
  }
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = []
  stream.on('data', (chunk: Buffer) => chunks.push(chunk))
  return () => Buffer.concat(chunks).toString()
}

/** Nothing but a look: asked again it changes nothing. */
export const isLook = (commands: string): boolean => !/ -d | -F |-X |--data|>|config apply/.test(commands)

/** What differs from day to day stands for itself; `…` for whatever is there. */
function inGeneral(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inGeneral)
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, inGeneral(part)]))
  if (typeof value !== 'string') return value
  return value
    .replace(/\b[A-Z]{2}-\d{2}-[0-9A-Z]{4}-[0-9A-Z]{4}\b/g, 'CODE')
    .replace(/\d{4}-\d{2}-\d{2}T[\d:.]+Z/g, 'TIME')
    .replace(/\b\d{1,2}\/\d{1,2}\/\d{4}\b/g, 'DAY')
}

function fits(shown: unknown, found: unknown): boolean {
  if (shown === '…') return typeof found === 'string' && found !== ''
  if (typeof shown !== 'object' || shown === null || typeof found !== 'object' || found === null) return shown === found
  const [names, others] = [Object.keys(shown).sort(), Object.keys(found).sort()]
  return (
    Array.isArray(shown) === Array.isArray(found) &&
    names.join() === others.join() &&
    names.every((name) => fits(Reflect.get(shown, name), Reflect.get(found, name)))
  )
}

/** Several values one after the other, however they are broken into lines. */
function valuesIn(text: string): unknown[] {
  const values: unknown[] = []
  let sofar = ''
  for (const line of text.split('\n')) {
    sofar += line
    try {
      if (sofar.trim() !== '') values.push(JSON.parse(sofar))
      sofar = ''
    } catch {
      // Not whole yet.
    }
  }
  if (sofar.trim() !== '') throw new Error(`no JSON: ${sofar}`)
  return values
}

/** Does the page say what is so? Names and words are the same; codes, times and `…` may be others. */
export function showsIt({ as, text }: NonNullable<Step['shows']>, found: string): boolean {
  if (as === 'text') return text.trim() === found.trim()
  return fits(valuesIn(text).map(inGeneral), valuesIn(found).map(inGeneral))
}
