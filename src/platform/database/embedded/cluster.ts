import { randomBytes } from 'node:crypto'
import { chown, lchown, lstat, mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { absent, type Layout } from './layout.ts'
import type { PostgresPackage } from './packages.ts'
import { run } from './processes.ts'
import { type Refused, refuse } from './refused.ts'
import type { Owner, RunAs } from './run-as.ts'

/** All that starting a server takes. */
export interface Installation {
  readonly layout: Layout
  readonly found: PostgresPackage
  readonly environment: NodeJS.ProcessEnv
  readonly runAs: RunAs
  readonly log: (line: string) => void
}

/** A data folder of one major version cannot be read by another, and npm brings no pg_upgrade. */
const MAJOR = '18'

/** PostgreSQL's own role. The product uses an ordinary one: nothing works here that would need a superuser in production. */
export const SUPERUSER = 'postgres'

/** Makes the database on the first start; later only looks whether it can be used. */
export async function prepareCluster(installation: Installation): Promise<Refused | undefined> {
  const { layout, log } = installation
  await removeUnfinished(layout.dataDir)
  const version = await readFile(join(layout.cluster, 'PG_VERSION'), 'utf8').catch(absent)
  if (version === undefined) {
    log(`first start: making a PostgreSQL ${MAJOR} in ${layout.cluster}`)
    return makeCluster(installation)
  }
  if (version.trim() !== MAJOR) {
    return refuse(
      `${layout.cluster} was written by PostgreSQL ${version.trim()} and this PAHT Hub carries ${MAJOR}: ` +
        'start it with the PAHT Hub that wrote it, or set PAHT_DATA_DIR to another folder.',
    )
  }
  return takeOver(installation)
}

/** Made under another name and renamed when complete, so a first start that is killed half-way leaves no half database. */
async function makeCluster({ layout, found, environment, runAs }: Installation): Promise<Refused | undefined> {
  const unfinished = join(layout.dataDir, `init-${process.pid}`)
  await mkdir(unfinished, { mode: 0o700 })
  if (runAs.owner) await chown(unfinished, runAs.owner.uid, runAs.owner.gid)
  const authentication = await initialAuthentication(layout, runAs)
  // The builtin C.UTF-8 sorts by code point and never changes with a library; an index stays right on every machine.
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
  const [command = found.initdb, ...args] = [
    ...runAs.prefix,
    found.initdb,
    '-D',
    unfinished,
    '-U',
    SUPERUSER,
    ...locale,
  ]
  const made = await run(command, [...args, ...authentication, '--no-instructions'], {
    env: environment,
    cwd: layout.dataDir,
  })
  if (made.code !== 0) {
    await rm(unfinished, { recursive: true, force: true })
    return refuse(`The embedded PostgreSQL could not be set up in ${layout.dataDir}: ${made.stderr.trim()}`)
  }
  await rename(unfinished, layout.cluster)
  await syncFolder(layout.dataDir)
}

/** Only we hold the folder's lock, so every unfinished one is a killed start's. */
async function removeUnfinished(dataDir: string): Promise<void> {
  const names = await readdir(dataDir)
  for (const name of names.filter((each) => /^init-\d+$/.test(each))) {
    // maxRetries: an initdb that is just being ended with its parent may still write a file into it.
    await rm(join(dataDir, name), { recursive: true, force: true, maxRetries: 10 })
  }
}

/** Unix: the socket lies in a folder that only we may enter. Windows listens on 127.0.0.1, where every local user can knock. */
async function initialAuthentication(layout: Layout, runAs: RunAs): Promise<readonly string[]> {
  if (runAs.owner) return ['--auth-local=trust', '--auth-host=reject']
  await writeFile(layout.passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 })
  return ['--auth=scram-sha-256', `--pwfile=${layout.passwordFile}`]
}

/** The server insists on owning its folder. Root may have to hand it over, when a user namespace works today and did not yesterday. */
async function takeOver({ layout, runAs, log }: Installation): Promise<Refused | undefined> {
  const { uid } = await lstat(layout.cluster)
  if (!runAs.owner || uid === runAs.owner.uid) return
  if (process.getuid?.() !== 0) {
    return refuse(
      `${layout.cluster} belongs to another user (uid ${uid}): start PAHT Hub as that user, or set PAHT_DATA_DIR to another folder.`,
    )
  }
  log(`handing ${layout.cluster} over from uid ${uid} to uid ${runAs.owner.uid}`)
  await handOver(layout.cluster, runAs.owner)
}

/** The folder itself comes last: while it still has the old owner, the next start does this again. */
async function handOver(folder: string, owner: Owner): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    await lchown(join(entry.parentPath, entry.name), owner.uid, owner.gid)
  }
  await chown(folder, owner.uid, owner.gid)
}

/** Without it a power cut after the first commit could still undo the rename (fsync(2)). */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
