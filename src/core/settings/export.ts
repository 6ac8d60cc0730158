import type { Ports } from '../act.ts'
import { AccountRules } from '../people/rules.ts'
import { Profile } from '../profile/profile.ts'
import { accountRules, agencies, links, profiles, sources } from '../tables/index.ts'
import { type ConfigFile, KEPT } from './config-file.ts'

/** The settings as a file that can be applied again; secrets are named, never given. */
export async function exportConfig({
  db,
  channels,
  connectors,
}: Pick<Ports, 'db' | 'channels' | 'connectors'>): Promise<ConfigFile> {
  const [accounts] = await db.select().from(accountRules)
  const [profile] = await db.select().from(profiles).orderBy(profiles.id).limit(1)
  const withKept = (
    row: { settings: Record<string, unknown>; secrets: Buffer | null },
    secretNames: readonly string[] = [],
  ) => ({
    ...row.settings,
    ...(row.secrets !== null && Object.fromEntries(secretNames.map((name) => [name, KEPT]))),
  })
  return {
    ...(profile !== undefined && { profile: Profile.parse(profile.body) }),
    ...(accounts !== undefined && { accounts: AccountRules.parse(accounts.body) }),
    sources: (await db.select().from(sources).orderBy(sources.id)).map((row) => ({
      id: row.id,
      kind: row.kind,
      profile: row.profile,
      name: row.name,
      state: row.state,
      settings: withKept(row, channels.get(row.kind)?.secrets),
    })),
    agencies: (await db.select().from(agencies).orderBy(agencies.id)).map((row) => ({
      id: row.id,
      code: row.code,
      name: row.name,
      aliases: [...row.aliases],
      ...(row.unitCode !== null && { unit: row.unitCode }),
      functions: [...row.functions],
      from: row.validFrom,
      ...(row.validTo !== null && { to: row.validTo }),
    })),
    links: (await db.select().from(links).orderBy(links.id)).map((row) => ({
      id: row.id,
      kind: row.kind,
      name: row.name,
      serves: [...row.serves],
      settings: withKept(row, connectors.get(row.kind)?.secrets),
      limits: row.limits,
    })),
  }
}
