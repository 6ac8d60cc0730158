import { dirname } from 'node:path'
import { syncFolder } from './sync-folder.ts'

/** Makes names in the folders of a store last. */
export interface SettledFolders {
  /** Once it resolves, what has been put into `folder` survives a power cut, with every folder on the way to it. */
  add(folder: string): Promise<void>
}

/**
 * A folder is synced for each name that is put into it. Those above it only until their own names are known to last: another process may have
 * made one a moment ago and not synced it yet, but no folder of the store is ever removed. `top`: the folder that is there before the store is.
 */
export function settledFolders(top: string): SettledFolders {
  const settled = new Set([top])
  return {
    add: async (folder) => {
      await syncFolder(folder)
      for (let made = folder; !settled.has(made); made = dirname(made)) {
        await syncFolder(dirname(made))
        settled.add(made)
      }
    },
  }
}
