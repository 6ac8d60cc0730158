import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createTransport } from 'nodemailer'
import { parse } from 'yaml'
import { citizens } from './citizens.ts'
import { nestedMail } from './mail/write.ts'
import type { MailSite } from './mail-site.ts'
import { FOR_EVER } from './observe.ts'

/** One mail that somebody sent, as the ledger outside of the product has it. Each is by another person, so their letters tell what became of it. */
export interface SentMail {
  readonly from: string
  readonly kind: 'report' | 'auto-reply' | 'malformed'
}

export interface MailCrowd {
  readonly ledger: readonly SentMail[]
  /** By SMTP, one after the other; every seventh is no report. */
  send(count: number): Promise<void>
}

interface Units {
  readonly units: readonly {
    readonly type: string
    readonly name: string
    readonly from: string
    readonly to?: string | null
  }[]
}

/** Communes of today whose names stand for nothing else. */
function communes(): string[] {
  const { units } = parse(readFileSync(join(import.meta.dirname, '../../data/units/dien-bien.yaml'), 'utf8')) as Units
  const now = units.filter(({ type, to = null }) => to === null && /^(xã|phường)$/i.test(type))
  const once = now.filter(({ name }) => units.filter((unit) => unit.name === name).length === 1)
  return once.map(({ type, name }) => `${type.toLowerCase()} ${name}`)
}

export function mailCrowd({ world }: Pick<MailSite, 'world'>, seed: number): MailCrowd {
  const people = citizens(seed)
  const where = communes()
  const ledger: SentMail[] = []
  const transport = createTransport({ host: world.smtp.host, port: world.smtp.port, ignoreTLS: true })
  const sendOne = async () => {
    const n = ledger.length + 1
    const kind = n % 14 === 7 ? 'auto-reply' : n % 14 === 0 ? 'malformed' : 'report'
    const person = people.next().value as { name: string; title: string; content: string }
    const from = `nguoi${seed}.${n}.${randomBytes(3).toString('hex')}@example.vn`
    const raw = rawOf(kind, {
      from,
      name: person.name,
      title: person.title,
      content: `${person.content} (${from.slice(0, -11)}) ở ${where[n % where.length]}`,
      to: world.address,
    })
    // A server that was cut off before its reply gets the same mail again, as from every mail server.
    const sendIt = () => transport.sendMail({ envelope: { from, to: world.address }, raw })
    await sendIt().catch(() => sendIt().catch(sendIt))
    ledger.push({ from, kind })
  }
  return {
    ledger,
    send: async (count) => {
      for (let i = 0; i < count; i++) await sendOne()
    },
  }
}

interface Writing {
  readonly from: string
  readonly name: string
  readonly title: string
  readonly content: string
  readonly to: string
}

const word = (text: string) => `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`

function rawOf(kind: SentMail['kind'], { from, name, title, content, to }: Writing): string {
  const head = [
    `From: ${word(name)} <${from}>`,
    `To: <${to}>`,
    `Subject: ${word(title)}`,
    `Message-ID: <${randomBytes(9).toString('hex')}@example.vn>`,
    `Date: ${new Date().toUTCString()}`,
    'MIME-Version: 1.0',
    ...(kind === 'auto-reply' ? ['Auto-Submitted: auto-replied'] : []),
  ]
  if (kind === 'malformed') return nestedMail({ from, to, depth: 100 }).toString()
  const body = Buffer.from(content).toString('base64').replace(/.{76}/g, '$&\r\n')
  return [...head, 'Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: base64', '', body, ''].join(
    '\r\n',
  )
}

export interface BrokenPromise {
  readonly promise: 3 | 5 | 6 | 7
  readonly how: string
}

interface Letter {
  readonly id: string
  readonly code: string
  readonly kind: 'received' | 'forwarded' | 'answer'
}

const KINDS = [
  ['received', 'Đã tiếp nhận'],
  ['forwarded', 'đã được chuyển'],
  ['answer', 'Kết quả xử lý'],
] as const

/** Subjects are written by a library in RFC 2047 words; read back by the receiver's own. */
async function lettersTo({ world }: Pick<MailSite, 'world'>, address: string): Promise<Letter[]> {
  const { simpleParser } = await import('mailparser')
  const letters: Letter[] = []
  for (const { raw } of await world.inboxOf(address)) {
    const { subject = '', messageId = '' } = await simpleParser(raw)
    const kind = KINDS.find(([, says]) => subject.includes(says))?.[0]
    const code = /\[(\w{2}-\d\d-\w{4}-\w{4})\]/.exec(subject)?.[1]
    if (kind !== undefined && code !== undefined) letters.push({ id: messageId, code, kind })
  }
  return letters
}

/** How much is still to come: open tasks, mails not yet taken in, reports without their answer. */
export async function leftToDo(site: MailSite, ledger: readonly SentMail[]): Promise<number> {
  const [row] = await site.look<{ left: number }>(
    `select (select count(*) from task where ${FOR_EVER} and state = 'open')::int
       + (select greatest(0, ${ledger.length} - count(*)) from envelope where source_id = 'mail')::int
       + (select count(*) from assignment where state not in ('answered', 'returned'))::int as left`,
  )
  return row!.left
}

/** What of the ledger did not come true, once everything is at rest. */
export async function compareMail(site: MailSite, ledger: readonly SentMail[]): Promise<BrokenPromise[]> {
  const broken: BrokenPromise[] = []
  const say = (promise: BrokenPromise['promise'], how: string) => void broken.push({ promise, how })
  const codes = new Set<string>()
  for (const { from, kind } of ledger) {
    const letters = await lettersTo(site, from)
    if (kind !== 'report') {
      if (letters.length > 0) say(3, `${kind}: a letter went out`)
      continue
    }
    for (const code of new Set(letters.map((letter) => letter.code))) codes.add(code)
    if (new Set(letters.map(({ code }) => code)).size > 1) say(3, 'one mail became two reports')
    for (const [each] of KINDS) {
      const ids = new Set(letters.filter((letter) => letter.kind === each).map(({ id }) => id))
      if (ids.size === 0) say(each === 'received' ? 3 : 7, `no letter "${each}"`)
      if (ids.size > 1) say(5, `"${each}" was told as ${ids.size} letters`)
    }
    const ranks = letters.map((letter) => KINDS.findIndex(([each]) => each === letter.kind))
    const first = ranks.filter((rank, i) => ranks.indexOf(rank) === i)
    if (first.some((rank, i) => i > 0 && rank < first[i - 1]!)) say(6, `told in the order ${first.join()}`)
  }
  await compareIntake(site, ledger, say)
  await compareExchange(site, codes, say)
  const doctor = await site.paht('doctor')
  if (doctor.code !== 0) say(7, `the doctor finds: ${doctor.stdout}`)
  return broken
}

type Say = (promise: BrokenPromise['promise'], how: string) => void

async function compareIntake(site: MailSite, ledger: readonly SentMail[], say: Say): Promise<void> {
  const rows = await site.look<{ state: string; count: number }>(
    `select state, count(*)::int as count from (
       select coalesce(i.state, e.state) as state from envelope e left join item i on i.envelope_id = e.id where e.source_id = 'mail'
     ) as each group by state`,
  )
  const have = Object.fromEntries(rows.map(({ state, count }) => [state, count]))
  const wanted = {
    read: ledger.filter(({ kind }) => kind === 'report').length,
    'set-aside': ledger.filter(({ kind }) => kind === 'auto-reply').length,
    quarantined: ledger.filter(({ kind }) => kind === 'malformed').length,
  }
  for (const [state, count] of Object.entries(wanted))
    if ((have[state] ?? 0) !== count) say(3, `${have[state] ?? 0} envelopes are "${state}", not ${count}`)
  const [reports] = await site.look<{ count: number }>(`select count(*)::int as count from report`)
  if (reports!.count !== wanted.read) say(3, `${reports!.count} reports of ${wanted.read} mails`)
}

async function compareExchange(site: MailSite, codes: ReadonlySet<string>, say: Say): Promise<void> {
  const lines = await site.exchange.ledger()
  if (lines.some(({ line }) => line === 'duplicate')) say(5, 'the exchange got a document twice')
  if (lines.some(({ line }) => line === 'refused')) say(5, 'the exchange refused a document')
  const documents = lines.flatMap((line) => (line.line === 'sent' && line.messageType === 'edoc' ? [line] : []))
  for (const code of codes) {
    const about = documents.filter(({ subject }) => subject.includes(code))
    if (about.length !== 1) say(5, `${about.length} documents about one report`)
  }
  const numbers = documents.map(({ documentId }) => Number(/,(\d+)\/[^,]*$/.exec(documentId)![1])).sort((a, b) => a - b)
  if (numbers.some((number, i) => number !== i + 1)) say(5, `numbers with a gap, or twice: ${numbers.join()}`)
}
