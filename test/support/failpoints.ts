import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Failpoint {
  readonly name: string
  /** Which process passes it; `hook`: the web process, where a provider calls it. */
  readonly role: 'web' | 'hook' | 'listener' | 'worker'
}

const SOURCES = join(import.meta.dirname, '../../src')

/** Every crash point that the source has in such a process: one that is added is struck from then on. */
export function failpoints(role: Failpoint['role']): Failpoint[] {
  return readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .flatMap((file) => [...readFileSync(join(SOURCES, file), 'utf8').matchAll(/\bfailpoint\('([^']+)'\)/g)])
    .map(([, name]): Failpoint => ({ name: name!, role: roleAt(name!) }))
    .filter((point) => point.role === role)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** What takes things in does so in a process of its own; everything else is a task. */
function roleAt(name: string): Failpoint['role'] {
  if (name.startsWith('intake.')) return 'web'
  if (name.startsWith('hook.')) return 'hook'
  return name.startsWith('take.') ? 'listener' : 'worker'
}

/** Not those that need an office that is polled or takes a case in parts, or a channel that sends notices or brings later words. */
export const onEveryWay = ({ name }: Failpoint): boolean =>
  !/^(poll|notice|revise)\.|^deliver\.after-progress$/.test(name)

/** A mail is never edited. */
export const onTheWayOfMail = ({ name }: Failpoint): boolean => !name.startsWith('revise.')
