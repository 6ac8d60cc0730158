import type { MultipartFile } from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import type { FieldProblem, StoredFile } from '../../channels/channel.ts'
import { MAX_ENVELOPE_BYTES, MAX_FILE_BYTES, MAX_FILES, MAX_FORM_BYTES } from '../../core/intake/limits.ts'
import type { Files } from '../../platform/files/files.ts'
import { isAcceptedType } from '../../platform/media/accepted-types.ts'
import type { DataKey } from '../../platform/secrets/secrets.ts'

export interface FormRead {
  readonly contentType: string
  /** JSON as it came; of a multipart form its text fields as a JSON object. */
  readonly body: Buffer
  readonly form: unknown
  readonly files: readonly StoredFile[]
  /** What is wrong with the files, so that the citizen hears of it together with what is wrong with the fields. */
  readonly problems: readonly FieldProblem[]
}

/** What is wrong with the request as a whole. */
export type FormRefused =
  | { readonly refused: 'unreadable' | 'unsupported-type' }
  | { readonly refused: 'too-large'; readonly problems: readonly FieldProblem[] }

const MEGABYTE = 1024 * 1024

/** Where the sender's own phone is, which apps send beside the pin: nobody needs to know, so not even what is kept sealed has it. */
const DEVICE_POSITION: readonly string[] = ['deviceLat', 'deviceLng']

/** What a multipart form held, its files in the store. */
export interface PartsRead extends Pick<FormRead, 'files' | 'problems'> {
  /** Its text fields as they came; a name may come again. */
  readonly fields: readonly (readonly [name: string, value: string])[]
}

/** A JSON body arrives whole (its content type's parser hands over the bytes); a multipart form streams, each file straight into the store. */
export async function readForm(request: FastifyRequest, store: Files, key: DataKey): Promise<FormRead | FormRefused> {
  if (request.isMultipart()) {
    const read = await readMultipart(request, store, key)
    if ('refused' in read) return read
    const form = Object.fromEntries(read.fields)
    return { ...read, contentType: 'multipart/form-data', body: Buffer.from(JSON.stringify(form)), form }
  }
  if (!Buffer.isBuffer(request.body)) return { refused: 'unsupported-type' }
  const parsed = parse(request.body)
  return parsed === undefined
    ? { refused: 'unreadable' }
    : { contentType: 'application/json', ...withoutDevice(request.body, parsed.value), files: [], problems: [] }
}

/** Byte for byte what was sent, wherever nothing must go. */
function withoutDevice(body: Buffer, form: unknown): Pick<FormRead, 'body' | 'form'> {
  if (typeof form !== 'object' || form === null || DEVICE_POSITION.every((name) => !(name in form)))
    return { body, form }
  const kept = Object.fromEntries(Object.entries(form).filter(([name]) => !DEVICE_POSITION.includes(name)))
  return { body: Buffer.from(JSON.stringify(kept)), form: kept }
}

function parse(body: Buffer): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(body.toString('utf8')) }
  } catch {
    // The client's text; the answer says that it is no JSON.
    return undefined
  }
}

/** The form broke off, or is not one. */
class BrokenForm extends Error {}

export async function readMultipart(
  request: FastifyRequest,
  store: Files,
  key: DataKey,
): Promise<PartsRead | FormRefused> {
  try {
    return await readParts(partsOf(request), store, key)
  } catch (error) {
    if (!(error instanceof BrokenForm)) throw error
    const { statusCode } = error.cause as { statusCode?: unknown }
    // Too many parts or fields; too many files are counted here.
    return statusCode === 413 ? { refused: 'too-large', problems: [] } : { refused: 'unreadable' }
  }
}

type Parts = ReturnType<FastifyRequest['parts']>

async function* partsOf(request: FastifyRequest): Parts {
  try {
    yield* request.parts()
  } catch (cause) {
    throw new BrokenForm('not a form', { cause })
  }
}

async function* bytesOf({ file }: MultipartFile): AsyncGenerator<Buffer> {
  try {
    yield* file
  } catch (cause) {
    throw new BrokenForm('broken off', { cause })
  }
}

async function readParts(parts: Parts, store: Files, key: DataKey): Promise<PartsRead | FormRefused> {
  const fields: [string, string][] = []
  const files: StoredFile[] = []
  const problems: FieldProblem[] = []
  for await (const part of parts) {
    if (part.type === 'field') {
      if (DEVICE_POSITION.includes(part.fieldname)) continue
      // Of no field that we know: those are shorter.
      if (part.valueTruncated)
        problems.push({ field: part.fieldname, problem: 'too-long', values: { max: MAX_FORM_BYTES } })
      // A part may call itself JSON; no field of ours is more than one value.
      if (typeof part.value === 'object') problems.push({ field: part.fieldname, problem: 'wrong' })
      else fields.push([part.fieldname, String(part.value)])
    } else if (part.filename === '') {
      part.file.resume() // a file input left empty
    } else {
      const stored = await storeFile(part, files, { store, key })
      if ('id' in stored) files.push(stored)
      else if (stored.problem === 'not-a-photo') problems.push(stored)
      else return { refused: 'too-large', problems: [...problems, stored] }
    }
  }
  return { fields, files, problems }
}

/** What was stored of a refused request is an orphan, which the sweep removes. */
async function storeFile(
  part: MultipartFile,
  before: readonly StoredFile[],
  { store, key }: { readonly store: Files; readonly key: DataKey },
): Promise<StoredFile | FieldProblem> {
  const field = part.fieldname
  if (before.length >= MAX_FILES) return { field, problem: 'too-many-files', values: { max: MAX_FILES } }
  const name = (part.filename ?? field).slice(0, 200)
  const left = MAX_ENVELOPE_BYTES - before.reduce((sum, { size }) => sum + size, 0)
  const written = await store.write(bytesOf(part), key, { maxBytes: Math.min(MAX_FILE_BYTES, left) })
  if (!('tooLarge' in written)) {
    return isAcceptedType(written.type) ? { ...written, name } : { field, problem: 'not-a-photo', values: { name } }
  }
  return written.tooLarge === MAX_FILE_BYTES
    ? { field, problem: 'file-too-large', values: { name, megabytes: MAX_FILE_BYTES / MEGABYTE } }
    : { field, problem: 'all-too-large', values: { megabytes: MAX_ENVELOPE_BYTES / MEGABYTE } }
}
