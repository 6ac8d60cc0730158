import { chownSync, mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  freshFolder,
  IS_ROOT,
  mappedTo,
  NOBODY_CAN_READ,
  ORDINARY_USER,
  pathWith,
  startOwner,
} from './fixture/start-owner.ts'

interface Case {
  readonly who: string
  readonly prefix: readonly string[]
  /** Programs on the PATH; all of them when absent. */
  readonly programs?: readonly string[]
  /** Owner of the database afterwards, seen from outside, where it is not the owner of the folder it was made in. */
  readonly owner?: number
}

const RUNS: readonly Case[] = [
  { who: 'an ordinary user', prefix: ORDINARY_USER },
  { who: 'an ordinary user without setpriv or flock', prefix: ORDINARY_USER, programs: [] },
  { who: 'root', prefix: IS_ROOT ? [] : ['unshare', '--user', '--map-root-user', '--'] },
  { who: 'a user without a passwd entry (docker run --user 1234)', prefix: mappedTo(1234) },
  // Only real root can become somebody else.
  ...(NOBODY_CAN_READ
    ? [{ who: 'root where user namespaces are refused', prefix: [], programs: ['setpriv', 'flock'], owner: 65_534 }]
    : []),
]

const REFUSED: readonly Case[] = [
  {
    who: 'a user without a passwd entry where user namespaces are refused',
    prefix: mappedTo(1234),
    programs: ['setpriv'],
  },
  {
    who: 'root without the programs to be anybody else',
    prefix: IS_ROOT ? [] : ['unshare', '--user', '--map-root-user', '--'],
    programs: [],
  },
]

function folderFor(prefix: readonly string[]): string {
  const dataDir = join(freshFolder(), 'data')
  mkdirSync(dataDir, { mode: 0o700 })
  if (prefix.includes('--reuid=65534')) chownSync(dataDir, 65_534, 65_534)
  return dataDir
}

describe('the embedded PostgreSQL', () => {
  test.each(RUNS)('runs for $who, twice', async ({ prefix, programs, owner }) => {
    const dataDir = folderFor(prefix)
    const path = programs && { path: pathWith(programs) }
    for (let start = 0; start < 2; start++) {
      const product = startOwner(dataDir, { prefix, ...path })
      expect((await product.says('connection')).version).toMatch(/^18\./)
      await product.stop()
    }
    expect(statSync(join(dataDir, 'postgres')).uid).toBe(owner ?? statSync(dataDir).uid)
  })

  test.each(REFUSED)('is refused to $who, with what to do', async ({ prefix, programs = [] }) => {
    const product = startOwner(folderFor(prefix), { prefix, path: pathWith(programs) })
    const { refused } = await product.says('refused')
    expect(refused).toContain('start PAHT Hub as an ordinary user, or set DATABASE_URL')
  })

  test.runIf(NOBODY_CAN_READ)('follows root from one way of running to the other with the same rows', async () => {
    const dataDir = folderFor([])
    const withoutNamespaces = pathWith(['setpriv', 'flock'])
    const committed: number[] = []
    for (const path of [undefined, withoutNamespaces, undefined]) {
      const product = startOwner(dataDir, path === undefined ? {} : { path })
      await product.says('connection')
      product.child.kill('SIGINT')
      committed.push((await product.says('committed')).committed)
      await product.says('stopped')
    }
    expect(committed).toEqual([1, 2, 3])
  })
})
