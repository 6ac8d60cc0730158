import { createHmac, randomUUID } from 'node:crypto'
import { setTimeout as later } from 'node:timers/promises'
import MailComposer from 'nodemailer/lib/mail-composer'
import type { Line, LineOf } from './corpus.ts'
import type { Deployment } from './deployment.ts'

/** A file of each kind that people send; what is in it is not read. */
export interface Samples {
  readonly image: Buffer
  readonly video: Buffer
}

interface Sending<C extends Line['channel']> {
  readonly to: Deployment
  readonly line: LineOf<C>
  readonly samples: Samples
}

/** Sends a line as its channel brings it. The code, where the channel answers with one. */
export async function send(to: Deployment, line: Line, samples: Samples): Promise<string | undefined> {
  switch (line.channel) {
    case 'email':
      return sendMail({ to, line, samples })
    case 'facebook':
      return sendFacebook({ to, line, samples })
    case 'sms':
      return sendSms({ to, line, samples })
    case 'hotline':
      return sendCall({ to, line, samples })
    case 'portal':
      return sendForm({ to, line, samples })
  }
}

/** MIME, appended to the mailbox with the date of its arrival (RFC 3501 §6.3.11): by SMTP it would be dated today. */
async function sendMail({ to, line: { raw, received_at }, samples }: Sending<'email'>): Promise<undefined> {
  const date = new Date(received_at)
  const mail = new MailComposer({
    ...{ from: { name: raw.from_name ?? '', address: raw.from }, to: raw.to, subject: raw.subject, date },
    ...{ messageId: raw.message_id, text: raw.text, html: raw.html, inReplyTo: raw.in_reply_to ?? undefined },
    attachments: raw.attachments.map(({ mime = '' }, n) => ({
      filename: nameOf(mime, n),
      contentType: mime,
      content: sampleOf(samples, mime),
    })),
  })
  await to.mail(await mail.compile().build(), date)
}

/** Meta tells of it by its webhook, signed. */
async function sendFacebook({ to, line: { raw }, samples }: Sending<'facebook'>): Promise<undefined> {
  const from = { id: raw.sender_id, name: raw.sender_name }
  const files = raw.attachments.map(({ type = 'image' }, n) => {
    const contentType = type === 'video' ? 'video/mp4' : 'image/jpeg'
    const base64 = sampleOf(samples, contentType).toString('base64')
    return { type, name: nameOf(contentType, n), contentType, base64 }
  })
  const said = { from, text: raw.text, files }
  if (raw.surface === 'messenger') await to.graph.does('message', said)
  else if (raw.surface === 'post') await to.graph.does('post', said)
  else {
    const { id } = await to.graph.does('post', { text: raw.post_text ?? '' })
    await to.graph.does('comment', { ...said, post: id })
  }
  // Meta tells again what was not taken.
  while ((await to.graph.tellAgain()) > 0) await later(100)
}

/** Twilio calls with a form, signed. */
async function sendSms({ to, line: { raw }, samples }: Sending<'sms'>): Promise<undefined> {
  const media = raw.media.map(({ mime = 'image/jpeg' }) => ({
    type: mime,
    base64: sampleOf(samples, mime).toString('base64'),
  }))
  const answer = await fetch(`${to.twilioUrl}/receive`, {
    ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
    body: JSON.stringify({ from: raw.from, body: raw.body, media, hook: to.hookOf('sms') }),
  })
  const { status } = (await answer.json()) as { status: number }
  if (status >= 300) throw new Error(`the SMS hook answered ${status}`)
}

/** The call centre tells of the call when it is over. */
async function sendCall({ to, line: { raw } }: Sending<'hotline'>): Promise<undefined> {
  const { call_id: callId, caller, started_at: startedAt, turns } = raw
  const body = JSON.stringify({ callId, from: caller ?? undefined, startedAt, turns })
  const signature = createHmac('sha256', to.callSecret).update(body).digest('hex')
  const headers = { 'content-type': 'application/json', 'x-signature': signature }
  const { status } = await fetch(to.hookOf('hotline'), { method: 'POST', headers, body })
  if (status >= 300) throw new Error(`the hotline hook answered ${status}`)
}

async function sendForm({ to, line: { raw, id }, samples }: Sending<'portal'>): Promise<string> {
  const form = new FormData()
  const { confidential, attachments, ...fields } = raw
  for (const [name, value] of Object.entries(fields)) if (value != null) form.set(name, String(value))
  if (confidential) form.set('identitySecret', 'true')
  for (const [n, { mime = '' }] of attachments.entries())
    form.append('files', new Blob([new Uint8Array(sampleOf(samples, mime))], { type: mime }), nameOf(mime, n))
  const answer = await fetch(`${to.url}/api/v1/reports`, {
    ...{ method: 'POST', headers: { 'idempotency-key': randomUUID() }, body: form },
  })
  const said = (await answer.json()) as { code: string }
  if (answer.status !== 201) throw new Error(`the form answered ${answer.status} to ${id}: ${JSON.stringify(said)}`)
  return said.code
}

const sampleOf = ({ image, video }: Samples, mime: string): Buffer => (mime.startsWith('video/') ? video : image)

const nameOf = (mime: string, n: number): string => `${n + 1}.${mime.startsWith('video/') ? 'mp4' : 'jpg'}`
