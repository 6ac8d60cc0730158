import type { Ports } from '../../core/act.ts'
import { storeUpload } from '../../core/cases/uploads.ts'
import { readForm } from '../citizen/read-form.ts'
import { uploadFiles } from '../contract/operations.ts'
import { type Serving, serve } from '../serve.ts'

/** Photos and papers, sent before the word that takes them. */
export function serveUploads(on: Serving, ports: Ports): void {
  serve(on, uploadFiles, async ({ officer, request }) => {
    const key = ports.secrets.newDataKey()
    const read = await readForm(request, ports.files, key.dataKey)
    if ('refused' in read) return { problem: read.refused }
    if (read.problems.length > 0 || read.files.length === 0) return { problem: 'unsupported-type' }
    return { id: await storeUpload(ports, officer, { key, files: read.files }), files: read.files.length }
  })
}
