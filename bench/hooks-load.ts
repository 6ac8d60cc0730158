import { createHmac } from 'node:crypto'
import { type Driven, drive, post } from './drive.ts'
import { median } from './result.ts'

/**
 * The client of the webhook bench, a process of its own: `hooks-load.ts URL SECONDS SEED UPDATES CONNECTIONS [SMS-PER-SECOND]`. Signed bodies of
 * so many updates to the source `page`, and text messages to the source `sms` beside them. Prints one line of JSON.
 */
const [url = '', seconds = '3', seed = '0', updates = '1', connections = '16', sms = '0'] = process.argv.slice(2)
/** Updates made beforehand, for each second: more than this machine takes. */
const PER_SECOND = 30_000

/** As `webhooks.ts` sets the sources up. */
const PAGE_ID = '1000000000000001'
const APP_SECRET = 'bench-app-secret'
const AUTH_TOKEN = 'bench-auth-token-0123456789'
const NUMBER = '+84900000001'

const page = new URL('/hooks/sources/page', url)
const phone = new URL('/hooks/sources/sms', url)

/** https://developers.facebook.com/docs/messenger-platform/reference/webhook-events/messages */
function body(n: number): Buffer {
  const messaging = Array.from({ length: Number(updates) }, (_, i) => ({
    sender: { id: String(2_000_000_000_000_000 + n * 1000 + i) },
    recipient: { id: PAGE_ID },
    timestamp: 1_760_000_000_000 + n,
    message: {
      mid: `m_${seed}_${n}_${i}`,
      text: `Cột đèn thứ ${n}.${i} trên đường vào bản không sáng đã ${n % 30} ngày, tối trẻ con đi học về rất nguy hiểm, đề nghị sửa sớm. (${seed})`,
    },
  }))
  const text = JSON.stringify({ object: 'page', entry: [{ id: PAGE_ID, time: 1_760_000_000_000, messaging }] })
  const signature = createHmac('sha256', APP_SECRET).update(text).digest('hex')
  return post(page, { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${signature}` }, text)
}

/** https://www.twilio.com/docs/usage/webhooks/webhooks-security: the address, then each parameter by name. */
function message(n: number): Buffer {
  const fields = {
    Body: `Duong vao ban sat lo, xe khong qua duoc (${seed} ${n}).`,
    From: `+849${String(10_000_000 + n).slice(-8)}`,
    MessageSid: `SM${createHmac('md5', seed).update(String(n)).digest('hex')}`,
    NumMedia: '0',
    To: NUMBER,
  }
  const signed = Object.entries(fields).reduce((all, [name, value]) => all + name + value, phone.href)
  const signature = createHmac('sha1', AUTH_TOKEN).update(signed).digest('base64')
  const form = new URLSearchParams(fields).toString()
  return post(phone, { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': signature }, form)
}

function made(count: number, make: (n: number) => Buffer): () => Buffer | undefined {
  const requests = Array.from({ length: count }, (_, n) => make(n))
  let sent = 0
  return () => requests[sent++]
}

const summary = ({ perSecond, refused, latencies }: Driven) => ({
  perSecond,
  refused,
  p50: median([...latencies]),
  worst: latencies.at(-1) ?? 0,
})

const time = { url, seconds: Number(seconds), wanted: 200 }
const bodies = made(Math.ceil((time.seconds * PER_SECOND) / Number(updates)), body)
const messages = made(Number(sms) * time.seconds + 1000, message)
const [hooks, texts] = await Promise.all([
  drive({ ...time, connections: Number(connections), next: bodies }),
  Number(sms) === 0 ? undefined : drive({ ...time, connections: 16, next: messages, perSecond: Number(sms) }),
])
console.log(JSON.stringify({ bodies: summary(hooks), sms: texts && summary(texts) }))
