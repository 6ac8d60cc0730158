import { randomUUID } from 'node:crypto'
import type { z } from 'zod'
import { Problem } from '../../src/http/contract/problem.ts'
import { Accepted, createReport } from '../../src/http/contract/reports.ts'
import { takePhotos } from './photos.ts'
import type { DemoReport } from './reports.ts'

/** One report on its way, as its reporter knows it. */
export interface Sent {
  readonly report: DemoReport
  readonly http: number
  /** Status and body of each answer; one, but where it was sent several times. */
  readonly answers: readonly string[]
  readonly accepted?: z.output<typeof Accepted>
  readonly problem?: Problem
  /** As they left the reporter's telephone. */
  readonly photos: readonly Buffer[]
}

export async function send(url: string, report: DemoReport): Promise<Sent> {
  const photos = report.photos === undefined ? [] : await takePhotos(report.photos, pinOf(report))
  const key = randomUUID()
  const answers = await Promise.all(
    Array.from({ length: report.times ?? 1 }, async () => {
      const answer = await fetch(url + createReport.url, {
        method: createReport.method,
        headers: { 'idempotency-key': key, 'accept-language': 'vi', ...(photos.length === 0 && JSON_TYPE) },
        body: photos.length === 0 ? JSON.stringify(report.form) : multipart(report.form, photos),
      })
      return { status: answer.status, body: await answer.text() }
    }),
  )
  const [{ status, body }] = answers as [(typeof answers)[number]]
  return {
    report,
    photos,
    http: status,
    answers: answers.map((answer) => `${answer.status} ${answer.body}`),
    ...(status === 201 ? { accepted: Accepted.parse(JSON.parse(body)) } : { problem: Problem.parse(JSON.parse(body)) }),
  }
}

const JSON_TYPE = { 'content-type': 'application/json' }

function multipart(form: DemoReport['form'], photos: readonly Buffer[]): FormData {
  const data = new FormData()
  for (const [name, value] of Object.entries(form)) data.set(name, String(value))
  for (const [n, photo] of photos.entries())
    data.append('files', new Blob([new Uint8Array(photo)], { type: 'image/jpeg' }), `IMG_${n + 1}.jpg`)
  return data
}

function pinOf({ form: { lat, lng } }: DemoReport): { readonly lat: number; readonly lng: number } {
  return { lat: Number(lat), lng: Number(lng) }
}
