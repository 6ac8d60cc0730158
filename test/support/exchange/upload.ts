import type { FastifyRequest } from 'fastify'
import { Refusal } from './refusal.ts'

export interface Upload {
  readonly messageType: string
  readonly bytes: Buffer
}

/** The file and the kind of a multipart body, in whatever order they stand. */
export async function uploadIn(request: FastifyRequest): Promise<Upload> {
  if (!request.isMultipart()) throw new Refusal('10', 'phải gửi multipart/form-data')
  let messageType = ''
  let bytes: Buffer | undefined
  try {
    for await (const part of request.parts()) {
      if (part.type === 'file' && part.fieldname === 'edocFile') bytes = await part.toBuffer()
      else if (part.type === 'file') part.file.resume()
      else if (part.fieldname === 'messageType') messageType = String(part.value)
    }
  } catch (error) {
    throw new Refusal('10', `không đọc được edocFile: ${error instanceof Error ? error.message : error}`)
  }
  if (!bytes?.length) throw new Refusal('10', 'thiếu edocFile')
  return { messageType, bytes }
}
