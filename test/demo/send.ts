import { randomUUID } from 'node:crypto'
import { Problem } from '../../src/http/contract/problem.ts'
import { Accepted, createReport } from '../../src/http/contract/reports.ts'
import { takePhotos } from './photos.ts'
import type { DemoReport, PortalReport } from './report.ts'
import { sendComment, sendMessage } from './send-facebook.ts'
import { sendMail } from './send-mail.ts'
import { sendCall, sendSms } from './send-phone.ts'
import type { Sent } from './sent.ts'
import type { Stage } from './stage.ts'

export function send(stage: Stage, report: DemoReport): Promise<Sent> {
  switch (report.channel) {
    case 'portal':
      return sendForm(stage.url, report)
    case 'mail':
      return sendMail(stage, report)
    case 'messenger':
      return sendMessage(stage, report)
    case 'comment':
      return sendComment(stage, report)
    case 'sms':
      return sendSms(stage, report)
    case 'hotline':
      return sendCall(stage, report)
  }
}

async function sendForm(url: string, report: PortalReport): Promise<Sent> {
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
    reply: status,
    answers: answers.map((answer) => `${answer.status} ${answer.body}`),
    ...(status === 201 ? { accepted: Accepted.parse(JSON.parse(body)) } : { problem: Problem.parse(JSON.parse(body)) }),
  }
}

const JSON_TYPE = { 'content-type': 'application/json' }

function multipart(form: PortalReport['form'], photos: readonly Buffer[]): FormData {
  const data = new FormData()
  for (const [name, value] of Object.entries(form)) data.set(name, String(value))
  for (const [n, photo] of photos.entries())
    data.append('files', new Blob([new Uint8Array(photo)], { type: 'image/jpeg' }), `IMG_${n + 1}.jpg`)
  return data
}

function pinOf({ form: { lat, lng } }: PortalReport): { readonly lat: number; readonly lng: number } {
  return { lat: Number(lat), lng: Number(lng) }
}
