import type { StoredFile } from '../../channels/channel.ts'
import { readHint, strip as stripPhoto } from '../../platform/media/photo.ts'
import { strip as stripVideo } from '../../platform/media/video.ts'
import type { DataKey } from '../../platform/secrets/secrets.ts'
import type { Ports } from '../act.ts'
import { MAX_FILE_BYTES } from '../intake/limits.ts'

export interface CleanedFile {
  readonly original: StoredFile
  readonly clean?: { readonly id: string; readonly print: string; readonly type: string; readonly size: number }
  /** Why there is no copy that may leave. */
  readonly notClean?: string
  /** Sealed JSON: where and when the camera says the picture was taken. */
  readonly hint?: Buffer
}

/** Makes the copy of each file that may be served or sent. A file that cannot be cleaned stays with the intake and stops nothing. */
export async function cleanFiles(
  ports: Ports,
  dataKey: DataKey,
  originals: readonly StoredFile[],
): Promise<CleanedFile[]> {
  const cleaned: CleanedFile[] = []
  for (const original of originals) cleaned.push(await cleanFile(ports, dataKey, original))
  return cleaned
}

async function cleanFile(ports: Ports, dataKey: DataKey, original: StoredFile): Promise<CleanedFile> {
  // Cleaning takes the whole of it into memory.
  if (original.size > MAX_FILE_BYTES) return { original, notClean: 'larger than can be cleaned' }
  const bytes = await ports.files.readAll(original.id, dataKey, MAX_FILE_BYTES)
  const photo = original.type.startsWith('image/')
  const stripped = photo ? await stripPhoto(bytes, original.type) : await stripVideo(bytes, original.type)
  const read = photo ? await readHint(bytes) : undefined
  const hint = read && ports.secrets.seal(dataKey, JSON.stringify(read), `hint:${original.id}`)
  if ('notStripped' in stripped) return { original, notClean: stripped.notStripped, ...(hint && { hint }) }
  const written = await ports.files.write(Buffer.from(stripped.bytes), dataKey, { maxBytes: 4 * MAX_FILE_BYTES })
  if ('tooLarge' in written) return { original, notClean: 'larger without metadata than may be', ...(hint && { hint }) }
  return { original, clean: { ...written, type: stripped.type }, ...(hint && { hint }) }
}
