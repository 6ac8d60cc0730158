import type { FieldProblem, StoredFile } from '../../channels/channel.ts'
import type { Ports } from '../../core/act.ts'
import { copyLargeFile, findLargeFile, isSentAgain, type LargeFile, type Taken } from '../../core/intake/large-files.ts'
import { isAcceptedType } from '../../platform/media/accepted-types.ts'
import type { DataKey } from '../../platform/secrets/secrets.ts'

interface Taking {
  readonly key: DataKey
  readonly sourceId: string
  readonly event: string
}

interface Brought {
  readonly files: readonly StoredFile[]
  readonly large: readonly Taken[]
}

/** The large files that a report names, as files of it; or what is wrong with one. */
export async function takeUploads(
  ports: Ports,
  ids: readonly string[],
  taking: Taking,
): Promise<Brought | { readonly problems: readonly FieldProblem[] }> {
  const large: Taken[] = []
  for (const id of new Set(ids)) {
    const file = await findLargeFile(ports, id)
    if (file === undefined) return { problems: [{ field: 'uploads', problem: 'no-such-upload' }] }
    const wrong = await whatIsWrong(ports, file, taking)
    if (wrong !== undefined) return { problems: [wrong] }
    const stored = await copyLargeFile(ports, file, taking.key)
    if (!isAcceptedType(stored.type))
      return { problems: [{ field: 'uploads', problem: 'not-a-photo', values: { name: stored.name } }] }
    large.push({ file, stored })
  }
  return { files: large.map(({ stored }) => stored), large }
}

async function whatIsWrong(ports: Ports, file: LargeFile, taking: Taking): Promise<FieldProblem | undefined> {
  if (file.received < file.size) return { field: 'uploads', problem: 'upload-unfinished' }
  if (file.submissionId === null || (await isSentAgain(ports, file.submissionId, taking))) return undefined
  return { field: 'uploads', problem: 'upload-used' }
}
