import { desc, max, min } from 'drizzle-orm'
import { SecretsError } from '../../platform/secrets/secrets.ts'
import { type AnchorBreak, lastAnchor, verifyAnchors } from '../history/anchor.ts'
import { type Break, verifyHistory } from '../history/verify.ts'
import { dataKeys, deployment, history } from '../tables/index.ts'
import { error, type Finding, firstOf, ok, type Patient, warning } from './finding.ts'

const HOUR = 3600_000
/** They are written hourly. */
const ANCHOR_LATE = 2 * HOUR

const TAMPERED =
  'Somebody wrote past the product. Keep the database as it is, find out who could, and compare with a backup restored elsewhere.'

const IN_CHAIN: Readonly<Record<Break['found'], string>> = {
  changed: 'was changed',
  missing: 'is missing',
  'cut-off': 'and what came after it were cut off',
  'head-changed': 'does not fit the head in its row',
  'owner-missing': 'belongs to nothing: the row it tells of was removed',
}

export async function chains({ ports: { db, secrets } }: Patient): Promise<Finding[]> {
  // Of one moment: an entry that commits between the look at a row and the look at its chain would seem to be a break.
  const breaks = await db.transaction((tx) => verifyHistory(tx, secrets), {
    isolationLevel: 'repeatable read',
    accessMode: 'read only',
  })
  if (breaks.length === 0) return [ok('Every chain of the history holds.')]
  return firstOf(breaks, ({ chain, seq, found }) =>
    error(`History of ${chain}: entry ${seq} ${IN_CHAIN[found]}.`, TAMPERED),
  )
}

const BY_ANCHOR: Readonly<Record<AnchorBreak['found'], string>> = {
  changed: 'was changed',
  missing: 'does not follow the one before: lines were removed or moved',
  removed: 'was removed with its whole history',
  'wound-back': 'was put back to an earlier state',
  lost: 'lost an entry',
  rewritten: 'was written anew',
}

export async function anchors({ ports: { db, secrets }, dataDir }: Patient): Promise<Finding[]> {
  const breaks = await verifyAnchors(db, secrets, dataDir)
  if (breaks.length === 0) return [ok('The history is what the anchors say it was.')]
  return firstOf(breaks, ({ anchor, chain, seq, found }) =>
    error(
      chain === undefined
        ? `Anchor ${anchor} ${BY_ANCHOR[found]}.`
        : `${chain} ${BY_ANCHOR[found]}; anchor ${anchor} saw its entry ${seq}.`,
      TAMPERED,
    ),
  )
}

/** A product that stands still writes neither entries nor anchors; entries without anchors are the sign that something is wrong. */
export async function anchorsWritten({ ports: { db, clock }, dataDir }: Patient): Promise<Finding[]> {
  const [span] = await db.select({ first: min(history.at), newest: max(history.at) }).from(history)
  if (!span?.first || !span.newest) return [ok('There is no history yet.')]
  const last = await lastAnchor(dataDir)
  if (last !== undefined) {
    if (span.newest.getTime() - last.getTime() <= ANCHOR_LATE) return [ok('Anchors are written.')]
    const what = `The last anchor is of ${last.toISOString()}, and the history has gone on since.`
    return [warning(what, 'See that a worker runs, and why its task "anchor" fails.')]
  }
  if (clock.now().getTime() - span.first.getTime() <= ANCHOR_LATE) return [ok('The first anchor is not due yet.')]
  const what = `There is no anchor, and the history began at ${span.first.toISOString()}.`
  return [error(what, 'Start a worker; if there were anchors, they were removed: bring them back from a backup.')]
}

export async function secretKey({ ports: { db, secrets } }: Patient): Promise<Finding[]> {
  const wrong = error(
    'PAHT_SECRET_KEY is not the key that this database was made with.',
    'Give the right key: with another one nothing personal can be read.',
  )
  const [known] = await db.select().from(deployment)
  if (known !== undefined && !known.keyPrint.equals(secrets.index('deployment', 'key'))) return [wrong]
  const [newest] = await db.select().from(dataKeys).orderBy(desc(dataKeys.id)).limit(1)
  try {
    if (newest !== undefined) secrets.unwrap(newest.id, newest.wrapped)
  } catch (cause) {
    if (!(cause instanceof SecretsError)) throw cause
    return [wrong]
  }
  return [ok('PAHT_SECRET_KEY fits.')]
}
