import { createHash } from 'node:crypto'
import type { Envelope, HookCall, Item, Unreadable } from '../../channels/channel.ts'
import { isOutage, isUniqueViolation } from '../../platform/database/database.ts'
import { failpoint } from '../../platform/failpoint.ts'
import { intakeSeconds } from '../../platform/metrics/metrics.ts'
import { act, type Ports } from '../act.ts'
import { groupCommit, NotTaken } from './group-commit.ts'
import { reconcileLater } from './reconcile.ts'
import { sealEnvelope, withNewCodes } from './seal-envelope.ts'
import { sourceHealthNotes } from './source-health.ts'
import type { HookSource } from './source-store.ts'
import { type Arriving, storeEnvelopes } from './store-envelopes.ts'

/**
 * Takes what a provider's call brings; resolves once all of it is committed. Throws `NotTaken` where the database is away: the provider comes
 * again, or is asked.
 */
export type TakeHook = (source: HookSource, call: HookCall) => Promise<'taken' | 'bad-signature' | 'too-large'>

/** Calls with more in them than this are written by themselves: together they would make others wait. */
const MOST_TOGETHER = 16

export function makeTakeHook(ports: Ports): TakeHook {
  const health = sourceHealthNotes(ports)
  const together = groupCommit<Arriving, number>({
    write: (batch) => storeEnvelopes(ports, batch),
    isOutage,
    maxBatch: 64,
    maxInFlight: 2,
    deadlineMs: 1800,
  })
  const alone = async (arriving: Arriving): Promise<void> => {
    await storeEnvelopes(ports, [arriving]).catch((error: unknown) => {
      throw isOutage(error) ? new NotTaken('the database is away', { cause: error }) : error
    })
  }
  const write = async (arriving: Arriving): Promise<void> => {
    if (arriving.sealed.items.length > MOST_TOGETHER) await alone(arriving)
    else await together(arriving)
  }

  /** Sources of which calls were turned away: once calls are taken again, their providers are asked for those. */
  const turnedAway = new Set<string>()

  return async (source, call) => {
    const { settings } = source.context
    const { maxBytes } = source.webhook
    if (call.body.length > maxBytes) {
      health.refused(source.id, `a call of ${call.body.length} bytes was refused: ${maxBytes} are the most`)
      return 'too-large'
    }
    const wrong = source.webhook.verify(call, settings)
    if (wrong !== undefined) {
      health.badSignature(source.id)
      ports.log.warn({ source: source.id, why: wrong.message }, 'hook.bad-signature')
      if ((settings as { signature?: unknown }).signature !== 'report-only') return 'bad-signature'
    }
    const envelope = envelopeOf(call)
    const { at: receivedAt } = call
    const sealing = { source, envelope, receivedAt, quiet: false }
    const sealed = await sealEnvelope(ports, { ...sealing, read: await read(ports, source, envelope) })
    failpoint('hook.before-commit')
    const stored = intakeSeconds.startTimer()
    await write({ source, sealed }).catch(async (error: unknown) => {
      if (error instanceof NotTaken) {
        turnedAway.add(source.id)
        throw error
      }
      if (isUniqueViolation(error, 'submission_code_unique'))
        return write({ source, sealed: withNewCodes(sealed, source) })
      ports.log.error({ source: source.id, err: error }, 'envelope.quarantined')
      const plainly = { ...envelope, contentType: 'application/octet-stream' }
      const unreadable = { unreadable: 'could not be stored as it was read' }
      return write({ source, sealed: await sealEnvelope(ports, { ...sealing, envelope: plainly, read: unreadable }) })
    })
    stored()
    failpoint('hook.after-commit')
    health.received(source.id)
    if (turnedAway.delete(source.id)) await askForMissed(ports, source)
    return 'taken'
  }
}

async function askForMissed(ports: Ports, { id, channel }: HookSource): Promise<void> {
  await act(ports, { actor: 'system', unrecorded: true }, async (a) =>
    reconcileLater(a, { id, kind: channel, state: 'on' }),
  )
}

async function read(ports: Ports, source: HookSource, envelope: Envelope): Promise<readonly Item[] | Unreadable> {
  try {
    return await ports.channels.get(source.channel)!.read(envelope, source.context.settings)
  } catch (error) {
    ports.log.warn({ source: source.id, err: error }, 'hook.unreadable')
    return { unreadable: error instanceof Error ? error.name : 'failed' }
  }
}

/** Providers give a call no id; what is in it has ids of its own. */
function envelopeOf({ headers, body }: HookCall): Envelope {
  return {
    event: createHash('sha256').update(body).digest('hex'),
    contentType: (headers['content-type'] ?? 'application/octet-stream').slice(0, 200),
    body,
    files: [],
  }
}
