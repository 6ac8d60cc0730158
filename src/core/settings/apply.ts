import canonicalize from 'canonicalize'
import { eq, sql } from 'drizzle-orm'
import { type Act, act, type Ports } from '../act.ts'
import { chooseCalendar, putCalendar } from '../deadlines/apply-calendar.ts'
import { laneOf, releaseWaiting } from '../delivery/open.ts'
import { pollerOf, pollLater } from '../delivery/poll.ts'
import { type Fault, fault, isFault } from '../fault.ts'
import { reconcileLater } from '../intake/reconcile.ts'
import { releaseNotices } from '../notices/waiting.ts'
import type { AccountRules } from '../people/rules.ts'
import type { Profile } from '../profile/profile.ts'
import { accountRules, agencies, calendars as calendarRows, links, profiles, sources } from '../tables/index.ts'
import { loadUnits } from '../units/load.ts'
import { type ConfigFile, KEPT } from './config-file.ts'
import type { ReadProfile } from './read-profile.ts'
import { openSettings, sealSettings } from './sealed.ts'

export interface Applying {
  readonly config: ConfigFile
  /** The profile that the file names, read. */
  readonly profile?: ReadProfile
}

export interface Applied {
  /** `source:portal`, `link:ubnd`, …: what is new or another than before. */
  readonly changed: readonly string[]
  /** Deliveries that waited for a link and go out now. */
  readonly released: number
}

/** Brings settings to what the file says, all or nothing. What is the same already leaves no history. */
export async function applyConfig(
  ports: Ports,
  actor: string,
  { config, profile }: Applying,
): Promise<Applied | Fault> {
  const applied = await act(ports, { actor, unrecorded: true }, async (a) => {
    const changed: string[] = []
    if (profile !== undefined) {
      await loadUnits(a.tx, profile.units)
      const calendars = await putCalendars(a, profile)
      if (isFault(calendars)) return calendars
      changed.push(...calendars)
      if (await putProfile(a, profile.profile)) changed.push(`profile:${profile.profile.id}`)
      for (const agency of agenciesOf(profile))
        if (await putAgency(a, agency, 'new-only')) changed.push(`agency:${agency.id}`)
    }
    for (const agency of config.agencies) if (await putAgency(a, agency, 'always')) changed.push(`agency:${agency.id}`)
    for (const source of config.sources) {
      const put = await putSource(a, source)
      if (isFault(put)) return put
      if (put) changed.push(`source:${source.id}`)
    }
    for (const link of config.links) {
      const put = await putLink(a, link)
      if (isFault(put)) return put
      if (put) changed.push(`link:${link.id}`)
    }
    if (config.accounts !== undefined && (await putAccountRules(a, config.accounts))) changed.push('accounts')
    return { changed, released: await releaseWaiting(a) }
  })
  ports.units.forget()
  return applied
}

async function putCalendars(a: Act, { profile, calendars }: ReadProfile): Promise<string[] | Fault> {
  const changed: string[] = []
  for (const file of calendars) if (await putCalendar(a, file, 'shipped')) changed.push(`calendar:${file.id}`)
  const [known] = await a.tx
    .select({ id: calendarRows.id })
    .from(calendarRows)
    .where(eq(calendarRows.id, profile.calendar))
  if (known === undefined)
    return fault('rejected', `profile ${profile.id}: no calendar ${profile.calendar}; apply it first`)
  await chooseCalendar(a, profile.id, profile.calendar)
  return changed
}

async function putProfile(a: Act, profile: Profile): Promise<boolean> {
  const [before] = await a.tx.select().from(profiles).where(eq(profiles.id, profile.id)).for('update')
  if (before !== undefined && same(before.body, profile)) return false
  await a.tx
    .insert(profiles)
    .values({ id: profile.id, body: profile })
    .onConflictDoUpdate({ target: profiles.id, set: { body: profile } })
  a.record({ of: 'profile', id: profile.id }, 'profile.applied', { versions: profile.versions.map((v) => v.from) })
  return true
}

async function putAccountRules(a: Act, body: AccountRules): Promise<boolean> {
  const [before] = await a.tx.select().from(accountRules).for('update')
  if (before !== undefined && same(before.body, body)) return false
  await a.tx
    .insert(accountRules)
    .values({ id: 'this', body })
    .onConflictDoUpdate({ target: accountRules.id, set: { body } })
  a.record({ of: 'account_rules', id: 'this' }, 'accounts.applied', { ...body })
  return true
}

type AgencyEntry = ConfigFile['agencies'][number]

/** People's committees as the province's file of units names them, and those that have a function. */
function agenciesOf({ profile, units, agencies: others }: NonNullable<Applying['profile']>): AgencyEntry[] {
  const all = [
    ...units.agencies.map((agency) => ({ ...agency, id: agency.unit })),
    ...(others?.agencies ?? []).map((agency) => ({ ...agency, unit: agency.unit ?? profile.province })),
  ]
  return all.map(({ id, code, name, aliases, functions, unit, from, to }) => ({
    id: `${profile.id}-${id}`,
    code,
    name,
    aliases: [...aliases],
    unit,
    functions: [...functions],
    from,
    ...(to !== null && { to }),
  }))
}

async function putAgency(a: Act, agency: AgencyEntry, when: 'always' | 'new-only'): Promise<boolean> {
  const row = {
    id: agency.id,
    code: agency.code,
    name: agency.name,
    aliases: agency.aliases,
    unitCode: agency.unit ?? null,
    functions: agency.functions,
    validFrom: agency.from,
    validTo: agency.to ?? null,
  }
  const [before] = await a.tx.select().from(agencies).where(eq(agencies.id, agency.id)).for('update')
  if (before !== undefined && (when === 'new-only' || same({ ...before, ...row }, before))) return false
  await a.tx.insert(agencies).values(row).onConflictDoUpdate({ target: agencies.id, set: row })
  a.record({ of: 'agency', id: agency.id }, 'agency.applied', { code: agency.code, name: agency.name })
  return true
}

async function putSource(
  a: Act,
  { id, kind, profile, name, state, settings }: ConfigFile['sources'][number],
): Promise<boolean | Fault> {
  const channel = a.ports.channels.get(kind)
  if (channel === undefined) return fault('rejected', `source ${id}: no channel of kind ${kind}`)
  const [known] = await a.tx.select({ id: profiles.id }).from(profiles).where(eq(profiles.id, profile))
  if (known === undefined)
    return fault('rejected', `source ${id}: no profile ${profile}; name it in the file or apply it first`)
  const [before] = await a.tx.select().from(sources).where(eq(sources.id, id)).for('update')
  // A listener begins where its source was first applied, unless IT names another day.
  const listens = channel.intakes.some(({ intake }) => intake === 'listener')
  const since = listens ? { since: before?.settings['since'] ?? a.at.toISOString() } : {}
  const given = { of: 'source' as const, id, settings: { ...since, ...settings } }
  const checked = checkSettings(a, channel, { ...given, before: before?.secrets ?? null })
  if (isFault(checked)) return checked
  const row = {
    id,
    kind,
    profile,
    name,
    state,
    ...sealSettings(a.ports.secrets, channel, { ...given, settings: checked }),
  }
  const atOnce = channel.send?.concurrency
  if (atOnce !== undefined)
    await a.tx.execute(sql`
      insert into lane (name, concurrency) values (${`source:${id}`}, ${atOnce})
      on conflict (name) do update set concurrency = excluded.concurrency`)
  if (before !== undefined && sameStored(a, channel, { of: 'source', ...before }, { of: 'source', ...before, ...row }))
    return false
  await a.tx.insert(sources).values(row).onConflictDoUpdate({ target: sources.id, set: row })
  a.record({ of: 'source', id }, 'source.applied', { kind, name, state })
  reconcileLater(a, row)
  if (state === 'on' && channel.send !== undefined) await releaseNotices(a, row)
  return true
}

async function putLink(
  a: Act,
  { id, kind, name, serves, settings, limits }: ConfigFile['links'][number],
): Promise<boolean | Fault> {
  const connector = a.ports.connectors.get(kind)
  if (connector === undefined) return fault('rejected', `link ${id}: no connector of kind ${kind}`)
  const [before] = await a.tx.select().from(links).where(eq(links.id, id)).for('update')
  const given = { of: 'link' as const, id, settings }
  const checked = checkSettings(a, connector, { ...given, before: before?.secrets ?? null })
  if (isFault(checked)) return checked
  const row = {
    id,
    kind,
    name,
    serves,
    limits,
    ...sealSettings(a.ports.secrets, connector, { ...given, settings: checked }),
  }
  const { concurrency, perSecond } = { ...connector.limits, ...limits }
  await a.tx.execute(sql`
    insert into lane (name, concurrency, per_second, tokens) values (${laneOf(id)}, ${concurrency}, ${perSecond}, ${perSecond})
    on conflict (name) do update set concurrency = excluded.concurrency, per_second = excluded.per_second`)
  if (before !== undefined && sameStored(a, connector, { of: 'link', ...before }, { of: 'link', ...before, ...row }))
    return false
  await a.tx.insert(links).values(row).onConflictDoUpdate({ target: links.id, set: row })
  a.record({ of: 'link', id }, 'link.applied', { kind, name, serves })
  if (pollerOf(connector) !== undefined) pollLater(a, id)
  return true
}

interface Kind {
  readonly settings: Parameters<typeof openSettings>[1]['settings']
  readonly secrets: readonly string[]
}

interface Given {
  readonly of: 'source' | 'link'
  readonly id: string
  readonly settings: Readonly<Record<string, unknown>>
  readonly before: Buffer | null
}

/** With kept secrets put in, against the adapter's own schema; the answer names the setting, never its value. */
function checkSettings(a: Act, kind: Kind, given: Given): Record<string, unknown> | Fault {
  const opened =
    given.before === null
      ? {}
      : (JSON.parse(a.ports.secrets.openSetting(given.before, `${given.of}:${given.id}`)) as Record<string, unknown>)
  const settings = Object.fromEntries(
    Object.entries(given.settings).map(([name, value]) => [name, value === KEPT ? opened[name] : value]),
  )
  const checked = kind.settings.safeParse(settings)
  if (checked.success) return settings
  const said = checked.error.issues.map((issue) => `${issue.path.map(String).join('.')}: ${issue.message}`).join('; ')
  return fault('rejected', `${given.of} ${given.id}: ${said}`)
}

type Stored = Parameters<typeof openSettings>[2] & Record<string, unknown>

/** Sealing the same secret twice gives other bytes, so the opened settings are compared. */
function sameStored(a: Act, kind: Kind, before: Stored, after: Stored): boolean {
  const opened = (stored: Stored) => ({
    ...stored,
    secrets: null,
    settings: openSettings(a.ports.secrets, kind, stored).settings,
  })
  return same(opened(before), opened(after))
}

/** As JSON, whatever the order of keys; buffers of the history head are equal to themselves. */
function same(one: unknown, other: unknown): boolean {
  return canonicalize(JSON.parse(JSON.stringify(one))) === canonicalize(JSON.parse(JSON.stringify(other)))
}
