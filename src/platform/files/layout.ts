import { join } from 'node:path'

/** What a file is sealed as: no column of the database opens as a file, and no file as a column. */
export const FILE_CONTEXT = 'file'

/** Folder, inside the store so that a rename never crosses file systems, of what is being written. */
export const INCOMING = 'incoming'

/** Throws on anything that is not an id of ours, so that no path ever leaves the store. */
export function filePath(root: string, id: string): string {
  if (!/^[0-9a-f]{64}$/.test(id)) throw new TypeError('A file id has 64 lower-case hex digits.')
  return join(root, id.slice(0, 2), id.slice(2, 4), id)
}

/** For `.catch`: what is not there (any more) is an answer; every other error of the disk is an outage. */
export function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}
