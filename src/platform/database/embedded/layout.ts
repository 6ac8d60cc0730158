import { lstat, mkdir, readFile, readlink, rm, symlink } from 'node:fs/promises'
import { basename, delimiter, join } from 'node:path'
import process from 'node:process'
import type { PostgresPackage } from './packages.ts'

/** Where everything lies. */
export interface Layout {
  readonly dataDir: string
  /** The database itself (PGDATA). */
  readonly cluster: string
  readonly serverLog: string
  /** Names the libraries as the loader looks for them. */
  readonly libraries: string
  /** Windows only, where a socket folder cannot keep strangers out. */
  readonly passwordFile: string
}

export function layoutOf(dataDir: string): Layout {
  return {
    dataDir,
    cluster: join(dataDir, 'postgres'),
    serverLog: join(dataDir, 'postgres.log'),
    libraries: join(dataDir, 'lib'),
    passwordFile: join(dataDir, 'postgres.password'),
  }
}

interface LibraryLink {
  readonly source: string
  readonly target: string
}

/**
 * npm archives hold no symbolic links, and install scripts may be off, so `libicui18n.so.60` is missing beside `libicui18n.so.60.2`.
 * The package lists the 14 links; they are made in the data folder, because node_modules may be read-only.
 */
export async function linkLibraries(layout: Layout, found: PostgresPackage): Promise<void> {
  await mkdir(layout.libraries, { recursive: true, mode: 0o755 })
  for (const link of await libraryLinks(found)) {
    const path = join(layout.libraries, basename(link.target))
    const target = join(found.native, '..', link.source)
    const known = await lstat(path).catch(absent)
    if (known?.isSymbolicLink() && (await readlink(path)) === target) continue
    await rm(path, { force: true })
    await symlink(target, path)
  }
}

/**
 * The server's whole environment. Ours stays out: it holds secrets, and PGPORT, PGDATA and the like would turn the server from its
 * arguments. Both library folders are needed: libpq.so.5 is a real file and finds ICU relative to itself.
 */
export function serverEnvironment(layout: Layout, found: PostgresPackage): NodeJS.ProcessEnv {
  const kept = ['PATH', 'TMPDIR', 'SystemRoot', 'TEMP'].flatMap((name) => {
    const value = process.env[name]
    return value === undefined ? [] : [[name, value]]
  })
  const libraries = [layout.libraries, join(found.native, 'lib')].join(delimiter)
  const loader = process.platform === 'darwin' ? 'DYLD_LIBRARY_PATH' : 'LD_LIBRARY_PATH'
  return { ...Object.fromEntries(kept), [loader]: libraries, LC_ALL: 'C', TZ: 'UTC' }
}

async function libraryLinks(found: PostgresPackage): Promise<readonly LibraryLink[]> {
  const list = await readFile(join(found.native, 'pg-symlinks.json'), 'utf8').catch(absent)
  return list === undefined ? [] : (JSON.parse(list) as LibraryLink[])
}

/** For `.catch`: that a file is not there is an answer, anything else is not. */
export function absent(cause: NodeJS.ErrnoException): undefined {
  if (cause.code !== 'ENOENT') throw cause
}
