import { createHmac, randomUUID } from 'node:crypto'
import { hookOf } from './networks.ts'
import type { CallReport, SmsReport } from './report.ts'
import type { Sent } from './sent.ts'
import type { Stage } from './stage.ts'

/** The parts of one message, as Twilio brings them: a call each, signed. */
export async function sendSms({ url, twilio }: Stage, report: SmsReport): Promise<Sent> {
  const answers: number[] = []
  for (const body of report.parts) {
    const { status = 0 } = await twilio.receive({ from: report.phone, body, hook: hookOf(url, 'sms') })
    answers.push(status)
  }
  return { report, photos: [], reply: Math.max(...answers), answers: answers.map(String) }
}

/** Who is asked for something by text message answers there. */
export async function answerBySms({ url, twilio }: Stage, from: string, body: string): Promise<void> {
  const { status } = await twilio.receive({ from, body, hook: hookOf(url, 'sms') })
  if (status !== 200) throw new Error(`the answer by text message was answered with ${status}`)
}

/** The call centre tells of the call while it rings, and afterwards what was said. */
export async function sendCall({ url, accounts }: Stage, report: CallReport): Promise<Sent> {
  const callId = randomUUID()
  const rings = { callId, from: report.from.phone, name: report.from.name, startedAt: new Date().toISOString() }
  const answers: number[] = []
  for (const told of [rings, { callId, turns: report.turns }]) {
    const body = JSON.stringify(told)
    const signature = createHmac('sha256', accounts.calls.secret).update(body).digest('hex')
    const headers = { 'content-type': 'application/json', 'x-signature': signature }
    answers.push((await fetch(hookOf(url, 'hotline'), { method: 'POST', headers, body })).status)
  }
  return { report, photos: [], reply: Math.max(...answers), answers: answers.map(String) }
}
