import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')
/** What the built code reads beside itself. */
const BESIDE = ['node_modules', 'package.json', 'drizzle', 'locales', 'profiles', 'data']

export interface Change {
  /** Of the built code, such as `core/intake/accept.js`. */
  readonly file: string
  readonly from: string
  readonly to: string
}

export interface Variant {
  readonly dist: string
  remove(): Promise<void>
}

/** A build of the product with a mistake in it. A change that does not fit exactly once is a variant that nobody keeps up: it throws. */
export async function makeVariant(changes: readonly Change[]): Promise<Variant> {
  const folder = await mkdtemp(join(tmpdir(), 'paht-variant-'))
  const dist = join(folder, 'dist')
  await cp(join(ROOT, 'dist'), dist, { recursive: true })
  for (const name of BESIDE) await symlink(join(ROOT, name), join(folder, name))
  for (const { file, from, to } of changes) {
    const path = join(dist, file)
    const parts = (await readFile(path, 'utf8')).split(inAnyLayout(from))
    if (parts.length !== 2) throw new Error(`${file} has ${parts.length - 1} places to change: ${from}`)
    await writeFile(path, parts.join(to))
  }
  return { dist, remove: () => rm(folder, { recursive: true, force: true }) }
}

/** Where the compiler breaks a line is its own affair. */
function inAnyLayout(code: string): RegExp {
  return new RegExp(
    code
      .trim()
      .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
      .replace(/\s+/g, '\\s+'),
  )
}
