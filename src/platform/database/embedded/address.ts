import { chown, mkdtemp, realpath, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { RunAs } from './run-as.ts'
import { socketPath } from './running.ts'
import type { Address } from './server.ts'

/** Only part of the socket's name. */
const SOCKET_PORT = 5432

/** A socket's path holds 108 bytes with the closing zero (unix(7)), 104 on macOS; data folders are often deeper, so it lies elsewhere. */
const SOCKET_PATH_LIMIT = 104

const FOLDER = 'paht-'

/** A socket in a fresh folder that only its owner may enter (mkdtemp makes it 0700); so no port is taken and no password needed. */
export async function openAddress(runAs: RunAs): Promise<Address> {
  if (!runAs.owner) return { host: '127.0.0.1', port: await freePort() }
  const usual = join(await realpath(tmpdir()), FOLDER)
  const fits = Buffer.byteLength(socketPath(`${usual}XXXXXX`, SOCKET_PORT)) < SOCKET_PATH_LIMIT
  const host = await mkdtemp(fits ? usual : join('/tmp', FOLDER))
  await chown(host, runAs.owner.uid, runAs.owner.gid)
  return { host, port: SOCKET_PORT }
}

/** Also for the folder of a killed run, whose name comes from a file: anything that is not such a folder stays. */
export async function closeAddress(address: Address): Promise<void> {
  if (basename(address.host).startsWith(FOLDER)) await rm(address.host, { recursive: true, force: true })
}

/** What a server that was killed left there; its socket's own lock file would be judged by pid alone. */
export async function clearAddress({ host, port }: Address): Promise<void> {
  if (!basename(host).startsWith(FOLDER)) return
  await rm(socketPath(host, port), { force: true })
  await rm(`${socketPath(host, port)}.lock`, { force: true })
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().on('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const bound = probe.address()
      probe.close(() => resolve(typeof bound === 'object' && bound ? bound.port : 0))
    })
  })
}
