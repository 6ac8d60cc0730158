import { showDelivery } from '../../src/http/contract/staff.ts'
import type { Fact, Seen } from './fact.ts'
import { hasMetadata } from './photos.ts'
import { personalOf } from './report.ts'
import { FIRST } from './reports.ts'

export async function heldOnce({ stage, rows }: Seen): Promise<Fact> {
  const told = new Set(rows.flatMap(({ documentId }) => documentId ?? [])).size
  const { documents, duplicates, refused } = await stage.exchange.count()
  return {
    holds: told === documents && duplicates === 0 && refused === 0,
    text: `${told} deliveries, the exchange holds ${documents} documents, ${duplicates} came twice, ${refused} were refused`,
  }
}

/** Nghị định 30/2020/NĐ-CP Điều 15: one run of numbers, none skipped, none used twice. */
export function numbered({ documents }: Seen): Fact {
  const numbers = documents
    .map(({ documentId }) => Number(/,(\d+)\/[^,]*$/.exec(documentId)?.[1]))
    .sort((a, b) => a - b)
  return { holds: numbers.every((number, i) => number === i + 1), text: `document numbers ${numbers.join(', ')}` }
}

/** The exchange had it, its reply did not come back: the product asked, and sent nothing again. */
export async function lostReply({ watching, rows, documents }: Seen): Promise<Fact> {
  const { deliveryId, documentId } = rows.find(({ name }) => name === FIRST.name)!
  const { exchanges, state } = await watching.staff(
    showDelivery.url.replace(':id', deliveryId!),
    showDelivery.reply[200],
  )
  const lost = exchanges.find(({ response }) => response === null)
  const asked = exchanges.some(({ request }) => request.line.includes('getSentEdocList'))
  const times = documents.filter((document) => document.documentId === documentId).length
  return {
    holds: lost !== undefined && times === 1 && state === 'taken',
    text: `${FIRST.name}: the exchange's reply was lost (${lost?.error}), ${asked ? 'looked up in its list' : 'told by the office first'}; sent ${times}×, delivery ${state}`,
  }
}

/** The answer to our letter is a document of its own about the first one. */
export function additionTravelled({ sent, rows, documents }: Seen): Fact {
  const { report } = sent.find((one) => one.report.channel === 'mail' && one.report.mail.kind === 'reply')!
  const mail = report.channel === 'mail' && report.mail.kind === 'reply' ? report.mail : undefined
  const row = (name: string | undefined) => rows.find((one) => one.name === name)
  const document = documents.find(({ documentId }) => documentId === row(report.name)?.documentId)
  const first = row(mail?.to)?.documentId ?? ''
  return {
    holds: document?.responseFor.includes(first) === true && document.content.includes(mail!.text),
    text: `${report.name}: document ${document?.documentId}, in answer to ${document?.responseFor.join(' and ')}`,
  }
}

/** Quyết định 663/QĐ-UBND Điều 5 khoản 5 keeps every reporter secret. Their mails were signed with name and number. */
export function nobodyNamed({ sent, documents }: Seen): Fact {
  const taken = sent.filter(({ reply }) => reply < 300)
  const personal = [...new Set(taken.flatMap(({ report }) => personalOf(report)))]
  const texts = documents.map(({ text }) => [plain(text), digits(text)])
  const found = personal.filter((value) => {
    const number = /\p{L}/u.test(value) ? undefined : digits(value).replace(/^(?:\+?84|0)/, '')
    return texts.some(([words, figures]) =>
      number === undefined ? words!.includes(plain(value)) : figures!.includes(number),
    )
  })
  return {
    holds: found.length === 0,
    text: `${personal.length} names, numbers and addresses of senders, ${found.length} of them in ${documents.length} documents${found.length === 0 ? '' : `: ${found.join(', ')}`}`,
  }
}

const plain = (text: string): string => text.normalize('NFC').toLowerCase()
/** However a number is written. */
const digits = (text: string): string => text.replace(/[\s.()-]/g, '')

export async function photos({ sent, rows, documents }: Seen): Promise<Fact[]> {
  return Promise.all(
    sent
      .filter((one) => one.photos.length > 0)
      .map(async ({ report, photos: before }): Promise<Fact> => {
        const { documentId } = rows.find(({ name }) => name === report.name)!
        const after = documents.find((document) => document.documentId === documentId)?.photos ?? []
        const [told, tells] = [await metadataIn(before), await metadataIn(after)]
        return {
          holds: told === before.length && after.length === before.length && tells === 0,
          text: `${report.name}: ${told} sent with EXIF and place, ${after.length} in the document, ${tells} with metadata`,
        }
      }),
  )
}

async function metadataIn(images: readonly Buffer[]): Promise<number> {
  return (await Promise.all(images.map(hasMetadata))).filter(Boolean).length
}
