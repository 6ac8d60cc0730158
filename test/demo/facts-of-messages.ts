import { BY_PHONE } from './by-phone.ts'
import type { Fact, Seen } from './fact.ts'
import { hookOf } from './networks.ts'

/** 160 letters of the phones' own alphabet fit into a message, 70 with one letter outside of it. */
export async function withoutAccents({ stage }: Seen): Promise<Fact> {
  const messages = await stage.twilio.sent()
  const accented = messages.filter(({ body }) => !/^[\x20-\x7e\n]*$/.test(body)).length
  const numbers = new Set(messages.map(({ to }) => to)).size
  return {
    holds: messages.length > 0 && accented === 0,
    text: `${messages.length} text messages to ${numbers} numbers by Twilio, ${accented} with accents`,
  }
}

export function partsAreOne({ rows, documents }: Seen): Fact {
  const { name, parts } = BY_PHONE.bridge
  const { documentId } = rows.find((row) => row.name === name)!
  const content = documents.find((document) => document.documentId === documentId)?.content ?? ''
  const read = parts.filter((part) => content.includes(part)).length
  return {
    holds: read === parts.length,
    text: `${name}: ${parts.length} text messages, ${read} of them in its document`,
  }
}

/** Each message of ours names where Twilio says what became of it. */
export async function statusTaken({ stage }: Seen): Promise<Fact> {
  const { name, phone } = BY_PHONE.bridge
  const first = (await stage.twilio.sent()).find(({ to }) => to === phone)
  const answer = first && (await stage.twilio.status({ sid: first.sid, status: 'delivered' }))
  return {
    holds: answer?.status === 200,
    text: `${name}: Twilio says that our first answer was delivered, and is answered ${answer?.status}`,
  }
}

/** Who does not know the secret is nobody's provider. */
export async function forgeriesRefused({ stage: { url } }: Seen): Promise<Fact> {
  const call = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }
  const answers = await Promise.all(
    (['facebook', 'sms', 'hotline'] as const).map(async (source) => (await fetch(hookOf(url, source), call)).status),
  )
  return {
    holds: answers.every((status) => status === 401),
    text: `calls to the page, the number and the hotline that nobody signed are answered ${answers.join(', ')}`,
  }
}
