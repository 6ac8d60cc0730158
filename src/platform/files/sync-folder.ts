import { open } from 'node:fs/promises'

/** A new name in a folder survives a power cut only once the folder itself is synced (fsync(2)). */
export async function syncFolder(path: string): Promise<void> {
  // Windows opens no folders; NTFS journals its names.
  if (process.platform === 'win32') return
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
