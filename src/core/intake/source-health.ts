import { and, eq, isNotNull, sql } from 'drizzle-orm'
import type { Act, Ports } from '../act.ts'
import type { Fault } from '../fault.ts'
import { sourceHealth } from '../tables/index.ts'

/** What calls tell of a source, written down now and then: a row for each call would be one that all calls wait for. */
export interface HealthNotes {
  received(sourceId: string): void
  badSignature(sourceId: string): void
  /** A call was turned away for another reason, which a person should know. */
  refused(sourceId: string, why: string): void
}

const EVERY_MS = 5000

interface Noted {
  received: boolean
  badSignatures: number
  refused?: string
}

export function sourceHealthNotes(ports: Pick<Ports, 'db' | 'clock' | 'log'>): HealthNotes {
  const noted = new Map<string, Noted>()
  let timer: NodeJS.Timeout | undefined
  const note = (id: string): Noted => {
    const known = noted.get(id) ?? { received: false, badSignatures: 0 }
    noted.set(id, known)
    if (timer === undefined) timer = setTimeout(writeDown, EVERY_MS).unref()
    return known
  }
  function writeDown(): void {
    timer = undefined
    const all = [...noted]
    noted.clear()
    Promise.all(all.map(([id, one]) => writeNote(ports, id, one))).catch((err: unknown) =>
      ports.log.warn({ err }, 'source-health.failed'),
    )
  }
  return {
    received: (id) => {
      note(id).received = true
    },
    badSignature: (id) => {
      note(id).badSignatures++
    },
    refused: (id, why) => {
      note(id).refused = why
    },
  }
}

async function writeNote({ db, clock }: Pick<Ports, 'db' | 'clock'>, sourceId: string, noted: Noted): Promise<void> {
  const at = clock.now()
  const received = noted.received ? { lastReceivedAt: at } : {}
  const bad = noted.badSignatures
  const refused = noted.refused !== undefined && { lastRefusal: noted.refused.slice(0, 500), lastRefusalAt: at }
  await db
    .insert(sourceHealth)
    .values({
      sourceId,
      ...received,
      badSignatures: bad,
      ...(bad > 0 && { lastBadSignatureAt: at }),
      ...refused,
    })
    .onConflictDoUpdate({
      target: sourceHealth.sourceId,
      set: {
        ...received,
        badSignatures: sql`${sourceHealth.badSignatures} + ${bad}`,
        ...(bad > 0 && { lastBadSignatureAt: at }),
        ...refused,
      },
    })
}

/** It does not work, since when is kept until it does: after ten minutes people are told (`failingSources`). */
export async function noteFault({ tx, at }: Act, sourceId: string, { fault, message }: Fault): Promise<void> {
  const lastFault = `${fault}: ${message}`.slice(0, 500)
  await tx
    .insert(sourceHealth)
    .values({ sourceId, lastFault, faultSince: at })
    .onConflictDoUpdate({
      target: sourceHealth.sourceId,
      set: { lastFault, faultSince: sql`coalesce(${sourceHealth.faultSince}, ${at})` },
    })
}

const ITS_OWN: ReadonlySet<string> = new Set(['unreachable', 'throttled', 'config'])

/** A program was told something, or could not be: what is about one of its users says nothing of the program. */
export async function noteTold(a: Act, sourceId: string, failed: Fault | undefined): Promise<void> {
  if (failed !== undefined && ITS_OWN.has(failed.fault)) return noteFault(a, sourceId, failed)
  await a.tx
    .update(sourceHealth)
    .set({ lastFault: null, faultSince: null })
    .where(and(eq(sourceHealth.sourceId, sourceId), isNotNull(sourceHealth.lastFault)))
}
