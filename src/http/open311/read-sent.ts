import type { FastifyRequest } from 'fastify'
import type { FieldProblem, StoredFile } from '../../channels/channel.ts'
import type { Files } from '../../platform/files/files.ts'
import type { DataKey } from '../../platform/secrets/secrets.ts'
import { readMultipart } from '../citizen/read-form.ts'
import type { Params } from './client.ts'

export interface SentForm {
  readonly params: Params
  readonly files: readonly StoredFile[]
  readonly problems: readonly FieldProblem[]
}

/** What is in the query. */
export const queryOf = ({ url }: Pick<FastifyRequest, 'url'>): Params =>
  paramsOf(new URL(url, 'http://localhost').searchParams)

/** A form, urlencoded or multipart; some clients write a part of it into the query, as `api_key`. */
export async function readSent(
  request: FastifyRequest,
  store: Files,
  key: DataKey,
): Promise<SentForm | 'unreadable' | 'too-large'> {
  const query = [...new URL(request.url, 'http://localhost').searchParams]
  if (!request.isMultipart()) {
    const form = typeof request.body === 'string' ? new URLSearchParams(request.body) : []
    return { params: paramsOf([...query, ...form]), files: [], problems: [] }
  }
  const read = await readMultipart(request, store, key)
  if (!('refused' in read)) return { ...read, params: paramsOf([...query, ...read.fields]) }
  return read.refused === 'too-large' ? 'too-large' : 'unreadable'
}

/** An empty one says nothing: it is the same as not sent. */
function paramsOf(pairs: Iterable<readonly [string, string]>): Params {
  const params = new Map<string, string[]>()
  for (const [name, value] of pairs) {
    if (value.trim() === '') continue
    const known = params.get(name)
    if (known === undefined) params.set(name, [value])
    else known.push(value)
  }
  return params
}
