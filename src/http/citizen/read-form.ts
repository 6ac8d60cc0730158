import type { MultipartFile } from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import type { FieldProblem, StoredFile } from '../../channels/channel.ts'
import { MAX_ENVELOPE_BYTES, MAX_FILE_BYTES, MAX_FILES } from '../../core/intake/limits.ts'
import type { Files } from '../../platform/files/files.ts'
import { isAcceptedType } from '../../platform/media/accepted-types.ts'
import type { DataKey } from '../../platform/secrets/secrets.ts'

export interface FormRead {
  readonly contentType: string
  /** JSON as it came; of a multipart form its text fields as a JSON object. */
  readonly body: Buffer
  readonly form: unknown
  readonly files: readonly StoredFile[]
}

/** What is wrong with the request as a whole, or with its files. */
export type FormRefused =
  | { readonly refused: 'not-json' | 'unsupported-type' }
  | { readonly refused: 'too-large' | 'invalid'; readonly problems: readonly FieldProblem[] }

const MEGABYTE = 1024 * 1024

/** A JSON body arrives whole (its content type's parser hands over the bytes); a multipart form streams, each file straight into the store. */
export async function readForm(request: FastifyRequest, store: Files, key: DataKey): Promise<FormRead | FormRefused> {
  if (request.isMultipart()) return readMultipart(request, store, key)
  if (!Buffer.isBuffer(request.body)) return { refused: 'unsupported-type' }
  const form = parse(request.body)
  return form === undefined
    ? { refused: 'not-json' }
    : { contentType: 'application/json', body: request.body, form, files: [] }
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    // The client's text; the answer says that it is no JSON.
    return undefined
  }
}

async function readMultipart(request: FastifyRequest, store: Files, key: DataKey): Promise<FormRead | FormRefused> {
  const fields: Record<string, unknown> = {}
  const files: StoredFile[] = []
  let bytes = 0
  for await (const part of request.parts()) {
    if (part.type === 'field') {
      fields[part.fieldname] = part.value
      continue
    }
    if (part.filename === '') {
      part.file.resume() // a file input left empty
      continue
    }
    const name = part.filename.slice(0, 200)
    if (files.length >= MAX_FILES)
      return refuse('too-large', { field: part.fieldname, problem: 'too-many-files', values: { max: MAX_FILES } })
    const stored = await storeFile(part, store, key)
    if (stored === 'too-large')
      return refuse('too-large', {
        field: part.fieldname,
        problem: 'file-too-large',
        values: { name, megabytes: MAX_FILE_BYTES / MEGABYTE },
      })
    if (!isAcceptedType(stored.type))
      return refuse('invalid', { field: part.fieldname, problem: 'not-a-photo', values: { name } })
    bytes += stored.size
    if (bytes > MAX_ENVELOPE_BYTES)
      return refuse('too-large', {
        field: part.fieldname,
        problem: 'all-too-large',
        values: { megabytes: MAX_ENVELOPE_BYTES / MEGABYTE },
      })
    files.push({ ...stored, name })
  }
  return { contentType: 'multipart/form-data', body: Buffer.from(JSON.stringify(fields)), form: fields, files }
}

/** What was stored of a refused request is an orphan, which the sweep removes. */
async function storeFile(
  part: MultipartFile,
  store: Files,
  key: DataKey,
): Promise<Omit<StoredFile, 'name'> | 'too-large'> {
  const written = await store.write(part.file, key, { maxBytes: MAX_FILE_BYTES })
  return 'tooLarge' in written || part.file.truncated ? 'too-large' : written
}

function refuse(refused: 'too-large' | 'invalid', problem: FieldProblem): FormRefused {
  return { refused, problems: [problem] }
}
