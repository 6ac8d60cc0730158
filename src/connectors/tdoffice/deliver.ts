import { z } from 'zod'
import { type Fault, fault, isFault } from '../../core/fault.ts'
import type { ConnectorContext, DeliverContext, NumberedDocument, OutgoingDelivery, Pending } from '../connector.ts'
import type { Driver } from './driver.ts'
import { findSent } from './find.ts'
import { openDriver } from './open.ts'
import { documentIdIn } from './read.ts'
import type { TdofficeSettings } from './settings.ts'
import { dayOf } from './time.ts'
import { documentXml } from './write.ts'

/** What stays done of a delivery: the exchange has the document. */
const Progress = z.object({ docId: z.string() })

type Context = DeliverContext<TdofficeSettings>

const UNNUMBERED = fault('ours', 'The delivery has no document number')

/** The exchange has it; that the office has it too, an update will say. */
export async function deliver(delivery: OutgoingDelivery, ctx: Context): Promise<Pending | Fault> {
  const before = Progress.safeParse(ctx.progress)
  if (before.success) return pending(before.data.docId)
  const { document } = delivery
  if (document === undefined) return UNNUMBERED
  const driver = openDriver(ctx)
  const edxml = await documentXml(delivery, document, ctx)
  const sent = await driver.send(edxml, 'edoc')
  const accepted = isFault(sent) ? await alreadyThere(driver, document, sent) : sent
  if (isFault(accepted)) return accepted
  // Before anything else: whoever comes after us must not send a second one.
  await ctx.saveProgress({ docId: accepted.docId } satisfies z.output<typeof Progress>)
  return pending(accepted.docId)
}

/** Asks the exchange's own list of what we sent. */
export async function lookup(delivery: OutgoingDelivery, ctx: Context): Promise<Pending | 'absent' | Fault> {
  const before = Progress.safeParse(ctx.progress)
  if (before.success) return pending(before.data.docId)
  const { document, agency } = delivery
  if (document === undefined) return UNNUMBERED
  const found = await findSent(openDriver(ctx), { document, receiver: agency.code, at: ctx.at })
  return found === 'absent' || isFault(found) ? found : pending(found.docId)
}

/** Reads today's lists, which proves address, credentials and both paths, and leaves nothing behind. */
export async function check(ctx: ConnectorContext<TdofficeSettings>): Promise<{ ok: true; note: string } | Fault> {
  const driver = openDriver(ctx)
  const today = { messageType: 'edoc', from: dayOf(ctx.at), to: dayOf(ctx.at) } as const
  const received = await driver.list('received', today)
  if (isFault(received)) return received
  const sent = await driver.list('sent', today)
  if (isFault(sent)) return sent
  return { ok: true, note: `today: ${received.length} documents received, ${sent.length} sent` }
}

/**
 * A refusal that names a document: it is a success only if that document is this one. It is then pending, not taken as a `duplicate` would be: the
 * exchange has it, of the office nothing is known yet.
 */
async function alreadyThere(
  driver: Driver,
  document: NumberedDocument,
  refused: Fault,
): Promise<{ docId: string } | Fault> {
  const docId = refused.existingId
  if (refused.fault !== 'duplicate' || docId === undefined) return refused
  const edxml = await driver.get(docId)
  if (isFault(edxml))
    return fault('unreachable', `${refused.message}; what it named cannot be read`, { outcomeUnknown: true })
  return documentIdIn(edxml) === document.id ? { docId } : fault('rejected', refused.message)
}

function pending(officeRef: string): Pending {
  return { pending: true, officeRef }
}
