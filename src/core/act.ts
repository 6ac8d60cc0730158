import type { AnyChannel, Envelope, Item, Unreadable } from '../channels/channel.ts'
import type { AnyConnector } from '../connectors/connector.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { type Db, isDeadlock, type Tx } from '../platform/database/database.ts'
import type { Files } from '../platform/files/files.ts'
import type { Translate } from '../platform/locales/locales.ts'
import type { Log } from '../platform/log/log.ts'
import type { Mail } from '../platform/mail/mail.ts'
import type { OutgoingHttp } from '../platform/outgoing/http.ts'
import type { OutgoingOptions } from '../platform/outgoing/outgoing.ts'
import type { Secrets } from '../platform/secrets/secrets.ts'
import { addTasks, type NewTask } from '../platform/tasks/add.ts'
import type { Claimed } from '../platform/tasks/claim.ts'
import { finish } from '../platform/tasks/finish.ts'
import type { Wakeups } from '../platform/tasks/wakeups.ts'
import { type Fault, isFault } from './fault.ts'
import { appendHistory, type Chain, type Entry } from './history/record.ts'
import type { ProfileStore } from './profile/store.ts'
import type { UnitStore } from './units/store.ts'

/** What the core's operations stand on. */
export interface Ports {
  readonly db: Db
  readonly clock: Clock
  readonly secrets: Secrets
  readonly files: Files
  readonly wakeups: Wakeups
  readonly log: Log
  readonly mail: Mail
  readonly translate: Translate
  /** What a channel makes of an envelope, in a worker thread with limits on time and memory; beyond them it is unreadable. Throws only for an outage of ours. */
  readonly readEnvelope: (kind: string, envelope: Envelope, settings: unknown) => Promise<readonly Item[] | Unreadable>
  readonly outgoing: (
    use: Omit<OutgoingOptions, 'maxAnswerBytes' | 'lookup'> & { readonly maxAnswerBytes?: number },
  ) => OutgoingHttp
  readonly channels: ReadonlyMap<string, AnyChannel>
  readonly connectors: ReadonlyMap<string, AnyConnector>
  readonly profiles: ProfileStore
  readonly units: UnitStore
  /** Where citizens and offices reach us, without a slash at the end. */
  readonly publicUrl: string
}

/** One change: a transaction, who does it, when. Writes take an `Act`, so neither can be forgotten. */
export interface Act {
  readonly tx: Tx
  readonly ports: Ports
  /** `system`, `office:<link>`, `citizen`, `user:<id>`, `staff:<token id>`: never a name or a number. */
  readonly actor: string
  readonly at: Date
  /** A line in the history of a case or a setting, written in this transaction. `body`: masked text and row ids only. */
  record(chain: Chain, kind: string, body?: Entry['body']): void
  /** A task in this transaction; whoever does it is woken after the commit. */
  later(task: Omit<NewTask, 'due'> & { readonly due?: Date }): void
}

/** Rolls the transaction back and carries the Fault out of it. */
class RolledBack extends Error {
  readonly fault: Fault
  constructor(fault: Fault) {
    super(fault.message)
    this.fault = fault
  }
}

interface Who {
  readonly actor: string
  readonly unrecorded?: true
}

/**
 * Runs one change. A returned Fault rolls everything back. A change that records no history is a bug and is refused, unless it says that it is
 * about nothing that has one (`unrecorded`).
 */
export async function act<T>(ports: Ports, who: Who, change: (a: Act) => Promise<T>): Promise<T> {
  for (let again = MAX_DEADLOCKS; ; again--) {
    try {
      return await attempt(ports, who, change)
    } catch (error) {
      if (error instanceof RolledBack) return error.fault as T
      if (!isDeadlock(error) || again === 0) throw error
    }
  }
}

/** The database chose this change as the victim of a circle of waits; nothing of it was written. */
const MAX_DEADLOCKS = 3

async function attempt<T>(ports: Ports, who: Who, change: (a: Act) => Promise<T>): Promise<T> {
  const at = ports.clock.now()
  const entries: Entry[] = []
  const later: NewTask[] = []
  const result = await ports.db.transaction(async (tx) => {
    const done = await change({
      tx,
      ports,
      actor: who.actor,
      at,
      record: (chain, kind, body = {}) => void entries.push({ chain, at, actor: who.actor, kind, body }),
      later: (task) => void later.push({ due: at, ...task }),
    })
    if (isFault(done)) throw new RolledBack(done)
    if (entries.length === 0 && who.unrecorded === undefined) throw new Error('a change without a line of history')
    await appendHistory(tx, ports.secrets, entries)
    await addTasks(tx, later)
    return done
  })
  if (later.length > 0) ports.wakeups.kick(later.length)
  return result
}

/** The task leaves the table with this change's effects; a late worker's change is rolled back whole. */
export async function finishing(a: Act, task: Claimed, runAgainAt?: Date): Promise<void> {
  await finish(a.tx, task, { now: a.at, ...(runAgainAt !== undefined && { runAgainAt }) })
}
