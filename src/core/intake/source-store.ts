import { setTimeout as later } from 'node:timers/promises'
import { and, asc, eq, type SQL } from 'drizzle-orm'
import type { ChannelContext, Webhook } from '../../channels/channel.ts'
import { isOutage } from '../../platform/database/database.ts'
import type { Ports } from '../act.ts'
import { type ClientSource, clientSources } from '../clients/client-sources.ts'
import { sources } from '../tables/index.ts'
import { openSource, type Source } from './channel-context.ts'
import { type FormSource, formSourceOf } from './form-source.ts'
import { NotTaken } from './group-commit.ts'
import { type IntakeSource, intakeSourceOf } from './rows.ts'

/** A source that its provider calls. */
export interface HookSource extends IntakeSource {
  readonly webhook: Webhook<unknown>
  readonly context: ChannelContext<unknown>
}

/**
 * Sources as an intake needs them, held for a few seconds. With the database away, or silent, the last known one serves on: the refusal then
 * comes from where it must, the write.
 */
export interface SourceStore {
  /** The first of a channel that is on and is everybody's; throws where there is none. */
  form(channel: string): Promise<FormSource>
  /** By its id; undefined where there is none that is on and is called by its provider. */
  hook(id: string): Promise<HookSource | undefined>
  /** All of a channel that are on, programs that send for people. */
  clients(channel: string): Promise<readonly ClientSource[]>
}

const FRESH_MS = 5000
/** So long a report waits for news of its source. Of the 2 s in which it is answered the write takes 1.8. */
const NEWS_MS = 200
const FIRST_NEWS_MS = 1800

export function sourceStore(ports: Ports): SourceStore {
  const on = (where: SQL): Promise<Source[]> =>
    ports.db
      .select()
      .from(sources)
      .where(and(where, eq(sources.state, 'on')))
      .orderBy(asc(sources.id))
  const forms = held(ports, async (kind): Promise<FormSource> => {
    const all = await on(eq(sources.kind, kind))
    const row = all.find(
      (source) => ports.channels.get(kind)?.client?.(openSource(ports, source).settings) === undefined,
    )
    if (row === undefined) throw new Error(`no source of channel ${kind} is switched on`)
    return formSourceOf(ports, row)
  })
  const hooks = held(ports, async (id): Promise<HookSource | undefined> => {
    const [row] = await on(eq(sources.id, id))
    const webhook = row && ports.channels.get(row.kind)?.intakes.find((intake) => intake.intake === 'webhook')
    if (row === undefined || webhook === undefined) return undefined
    return { ...(await intakeSourceOf(ports, row)), webhook, context: openSource(ports, row) }
  })
  const clients = held(ports, (kind): Promise<readonly ClientSource[]> => clientSources(ports, kind))
  return { form: forms, hook: hooks, clients }
}

/** What was loaded a moment ago, else what is loaded now, else, where the database says nothing, what was loaded last. */
function held<T>({ clock }: Pick<Ports, 'clock'>, load: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const known = new Map<string, { readonly at: number; readonly value: T }>()
  const loading = new Map<string, Promise<T>>()
  const remember = (key: string, at: number, value: T): void => {
    // What is not there is asked for anew each time: anybody can ask for anything.
    if (value === undefined) known.delete(key)
    else known.set(key, { at, value })
  }
  /** Once for all that ask meanwhile: under load that is dozens, every five seconds. */
  function loadOnce(key: string): Promise<T> {
    const under = loading.get(key)
    if (under !== undefined) return under
    const asked = load(key)
      .then((value) => {
        remember(key, clock.now().getTime(), value)
        return value
      })
      .finally(() => loading.delete(key))
    loading.set(key, asked)
    return asked
  }
  return async (key) => {
    const now = clock.now().getTime()
    const last = known.get(key)
    if (last !== undefined && Math.abs(now - last.at) < FRESH_MS) return last.value
    const late = Symbol()
    const news = await Promise.race([
      loadOnce(key),
      later(last === undefined ? FIRST_NEWS_MS : NEWS_MS, late, { ref: false }),
    ]).catch((error: unknown) => {
      if (last === undefined || !isOutage(error)) throw error
      return late
    })
    if (news !== late) return news as T
    if (last === undefined) throw new NotTaken('the source could not be read in time')
    remember(key, now, last.value)
    return last.value
  }
}
