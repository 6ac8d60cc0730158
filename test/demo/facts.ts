import { showDelivery } from '../../src/http/contract/staff.ts'
import { hasMetadata } from './photos.ts'
import type { Sent } from './send.ts'
import type { Stage } from './stage.ts'
import type { Row, Watch } from './watch.ts'

/** Something that no single row shows. */
export interface Fact {
  readonly holds: boolean
  readonly text: string
}

interface Seen {
  readonly stage: Stage
  readonly watching: Watch
  readonly sent: readonly Sent[]
  readonly rows: readonly Row[]
}

export async function facts(seen: Seen): Promise<Fact[]> {
  return [
    sentAtOnce(seen),
    await countedOnce(seen),
    await heldOnce(seen),
    await lostReply(seen),
    ...(await photos(seen)),
  ]
}

/** One Idempotency-Key, any number of requests at the same moment: one code, the same answer to each. */
function sentAtOnce({ sent }: Seen): Fact {
  const { report, answers, accepted } = sent.find((one) => one.report.times !== undefined)!
  const different = new Set(answers).size
  return {
    holds: answers.length === report.times && different === 1 && accepted !== undefined,
    text: `${report.name}: ${answers.length} requests at once under one Idempotency-Key, ${different === 1 ? 'equal answers' : `${different} different answers`}, code ${accepted?.code}`,
  }
}

async function countedOnce({ watching, sent }: Seen): Promise<Fact> {
  const accepted = sent.filter((one) => one.accepted !== undefined).length
  const counted = await watching.submissions()
  return { holds: counted === accepted, text: `${accepted} reports accepted, ${counted} submissions stored` }
}

async function heldOnce({ stage, rows }: Seen): Promise<Fact> {
  const told = new Set(rows.flatMap((row) => row.deliveryId ?? [])).size
  const { held, arrived } = await stage.office.count()
  return {
    holds: told === held && held === arrived,
    text: `${told} deliveries, the office holds ${held}, ${arrived} arrived`,
  }
}

/** The office had it, its reply did not come back: told by what it said later, or asked, never sent again. */
async function lostReply({ stage, watching, rows }: Seen): Promise<Fact> {
  for (const { name, deliveryId } of rows) {
    if (deliveryId === null) continue
    const { exchanges, state } = await watching.staff(
      showDelivery.url.replace(':id', deliveryId),
      showDelivery.reply[200],
    )
    const lost = exchanges.find((exchange) => exchange.response === null)
    if (lost === undefined) continue
    const times = (await stage.office.ledger()).find((held) => held.key === deliveryId)?.times
    return {
      holds: times === 1 && state === 'taken',
      text: `${name}: the office's reply was lost (${lost.error}); it arrived ${times}×, delivery ${state}`,
    }
  }
  return { holds: false, text: 'the office lost no reply' }
}

async function photos({ stage, sent }: Seen): Promise<Fact[]> {
  const ledger = await stage.office.ledger()
  const withPhotos = sent.filter(({ report }) => report.photos !== undefined)
  return Promise.all(
    withPhotos.map((one) => photosOf(one, ledger.find((held) => held.code === one.accepted?.code)?.files ?? [])),
  )
}

async function photosOf(
  { report, photos: sentPhotos }: Sent,
  files: readonly { readonly url: string }[],
): Promise<Fact> {
  const before = await metadataIn(sentPhotos)
  const copies = await Promise.all(files.map(async ({ url }) => Buffer.from(await (await fetch(url)).arrayBuffer())))
  const after = await metadataIn(copies)
  return {
    holds: before === report.photos && copies.length === report.photos && after === 0,
    text: `${report.name}: ${before} sent with EXIF and place, ${copies.length} fetched by the office's links, ${after} with metadata`,
  }
}

async function metadataIn(images: readonly Buffer[]): Promise<number> {
  return (await Promise.all(images.map(hasMetadata))).filter(Boolean).length
}
