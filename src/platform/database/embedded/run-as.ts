import { chmod, stat } from 'node:fs/promises'
import { userInfo } from 'node:os'
import process from 'node:process'
import type { Layout } from './layout.ts'
import type { PostgresPackage } from './packages.ts'
import { run } from './processes.ts'
import { type Refused, refuse } from './refused.ts'

/** As whom the server runs. */
export interface RunAs {
  /** Put before every program of PostgreSQL. */
  readonly prefix: readonly string[]
  /** Who must own the database and the socket folder; undefined on Windows. */
  readonly owner: Owner | undefined
}

export interface Owner {
  readonly uid: number
  readonly gid: number
}

/** `nobody` and `nogroup`, which every Linux distribution has. */
const NOBODY = { uid: 65_534, gid: 65_534 }

/**
 * The kernel sends the server SIGINT, PostgreSQL's "fast shutdown", when the thread that started it dies, `kill -9` included. It stands
 * last in a chain: a change of user clears it (prctl(2), PR_SET_PDEATHSIG).
 */
const ENDS_WITH_US = ['setpriv', '--pdeathsig', 'INT', '--']

/** Inside it we are nobody, who has a passwd entry, and the files stay ours: a data folder in root's home works. */
const USER_NAMESPACE = ['unshare', '--user', `--map-user=${NOBODY.uid}`, `--map-group=${NOBODY.gid}`, '--']

const OTHER_USER = ['setpriv', `--reuid=${NOBODY.uid}`, `--regid=${NOBODY.gid}`, '--clear-groups', '--']

interface Way extends RunAs {
  readonly prepare?: () => Promise<void>
}

/** PostgreSQL refuses root, and initdb a user without a passwd entry (`docker run --user 1234`): takes the first way that works here. */
export async function chooseUser(
  layout: Layout,
  found: PostgresPackage,
  environment: NodeJS.ProcessEnv,
): Promise<RunAs | Refused> {
  const reasons: string[] = []
  for (const way of ways(layout)) {
    await way.prepare?.()
    const [command = found.postgres, ...args] = [...way.prefix, found.postgres, '--version']
    const tried = await run(command, args, { env: environment, cwd: layout.dataDir })
    if (tried.code === 0) return way
    reasons.push((tried.stderr || tried.stdout).trim().split('\n').at(-1) ?? `code ${tried.code}`)
  }
  return refuse(
    `The embedded PostgreSQL cannot run here (${[...new Set(reasons)].join('; ')}). It needs glibc 2.27 or newer (not Alpine) and ` +
      'will not run as root: start PAHT Hub as an ordinary user, or set DATABASE_URL to a PostgreSQL 15 or newer of your own.',
  )
}

function ways(layout: Layout): readonly Way[] {
  const uid = process.getuid?.()
  const gid = process.getgid?.()
  if (uid === undefined || gid === undefined) return [{ prefix: [], owner: undefined }]
  const owner = { uid, gid }
  if (uid !== 0 && hasPasswdEntry()) {
    const direct = { prefix: [], owner }
    return process.platform === 'linux' ? [{ prefix: ENDS_WITH_US, owner }, direct] : [direct]
  }
  const namespace = { prefix: [...USER_NAMESPACE, ...ENDS_WITH_US], owner }
  if (uid !== 0) return [namespace]
  return [namespace, { prefix: [...OTHER_USER, ...ENDS_WITH_US], owner: NOBODY, prepare: () => letThrough(layout) }]
}

/** Another user must reach what is its own inside our folder, and the libraries; it still cannot list the folder. */
async function letThrough({ dataDir, libraries }: Layout): Promise<void> {
  await chmod(dataDir, (await stat(dataDir)).mode | 0o001)
  await chmod(libraries, 0o755)
}

function hasPasswdEntry(): boolean {
  try {
    return userInfo().username !== ''
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_SYSTEM_ERROR') throw cause
    return false
  }
}
