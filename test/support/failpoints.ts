import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Failpoint {
  readonly name: string
  /** Which process passes it. */
  readonly role: 'web' | 'worker'
}

const SOURCES = join(import.meta.dirname, '../../src')
/** What takes things in does so in a web process; everything else is a task. */
const IN_WEB = /^(http|core\/intake)\//

/** Every crash point that the source has in such a process: one that is added is struck from then on. */
export function failpoints(role: Failpoint['role']): Failpoint[] {
  return readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .flatMap((file) =>
      [...readFileSync(join(SOURCES, file), 'utf8').matchAll(/\bfailpoint\('([^']+)'\)/g)].map(
        ([, name]): Failpoint => ({
          name: name!,
          role: IN_WEB.test(file) ? 'web' : 'worker',
        }),
      ),
    )
    .filter((point) => point.role === role)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}
