import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { absent, INCOMING } from './layout.ts'

/** As many ids as one query is asked about. */
const BATCH = 1000

export interface Sweep {
  /** Which of these ids some row still refers to. */
  readonly isReferenced: (ids: readonly string[]) => Promise<ReadonlySet<string>>
  /**
   * By the time of the disk, which is the machine's own. Far longer ago than the slowest upload with its transaction takes (a day): a
   * younger file may belong to a transaction that has not committed yet.
   */
  readonly olderThan: Date
}

/** Removes what crashes left: temporary names, and files to which no row refers. Names that are not ours stay. */
export async function sweepFiles(root: string, sweep: Sweep): Promise<{ readonly removed: number }> {
  let removed = 0
  const remove = async (path: string) => {
    await rm(path, { force: true })
    removed++
  }

  for (const path of await oldFiles(join(root, INCOMING), /^[0-9a-f]{32}$/, sweep.olderThan)) await remove(path)

  let orphans = new Map<string, string>()
  const removeOrphans = async () => {
    const referenced = orphans.size > 0 ? await sweep.isReferenced([...orphans.keys()]) : new Set<string>()
    for (const [id, path] of orphans) if (!referenced.has(id)) await remove(path)
    orphans = new Map()
  }
  for await (const folder of leafFolders(root)) {
    for (const path of await oldFiles(folder.path, new RegExp(`^${folder.prefix}[0-9a-f]{60}$`), sweep.olderThan)) {
      orphans.set(path.slice(-64), path)
      if (orphans.size === BATCH) await removeOrphans()
    }
  }
  await removeOrphans()
  return { removed }
}

async function* leafFolders(root: string): AsyncGenerator<{ path: string; prefix: string }> {
  for (const first of await namesIn(root)) {
    if (!/^[0-9a-f]{2}$/.test(first)) continue
    for (const second of await namesIn(join(root, first))) {
      if (/^[0-9a-f]{2}$/.test(second)) yield { path: join(root, first, second), prefix: first + second }
    }
  }
}

async function oldFiles(folder: string, name: RegExp, olderThan: Date): Promise<string[]> {
  const old: string[] = []
  for (const entry of await namesIn(folder)) {
    if (!name.test(entry)) continue
    const path = join(folder, entry)
    const found = await stat(path).catch(absent)
    if (found?.isFile() && found.mtime < olderThan) old.push(path)
  }
  return old
}

/** Another process may be writing, removing or sweeping at the same time. */
async function namesIn(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(absent)) ?? []
}
