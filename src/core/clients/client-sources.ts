import { and, asc, eq, inArray, max } from 'drizzle-orm'
import type { Ports } from '../act.ts'
import { type FormSource, formSourceOf } from '../intake/form-source.ts'
import { type Profile, type ProfileVersion, versionOn } from '../profile/profile.ts'
import { history, sources } from '../tables/index.ts'

/** A program that sends reports for people and asks what became of them. */
export interface ClientSource extends FormSource {
  readonly profile: Profile
  /** Its rules today. */
  readonly version: ProfileVersion
}

/** All of a channel that are on, in the order of their ids. */
export async function clientSources(ports: Ports, channel: string): Promise<ClientSource[]> {
  const rows = await ports.db
    .select()
    .from(sources)
    .where(and(eq(sources.kind, channel), eq(sources.state, 'on')))
    .orderBy(asc(sources.id))
  return Promise.all(
    rows.map(async (row) => {
      const { profile } = await ports.profiles.get(row.profile)
      return { ...(await formSourceOf(ports, row)), profile, version: versionOn(profile, ports.clock.now()) }
    }),
  )
}

/** When anything that clients are told of a province last changed. */
export async function changedAt({ db }: Pick<Ports, 'db'>, clients: readonly ClientSource[]): Promise<Date> {
  const chains = clients.flatMap(({ id, profile }) => [`source:${id}`, `profile:${profile.id}`])
  const [changed] = await db
    .select({ at: max(history.at) })
    .from(history)
    .where(inArray(history.chain, chains))
  const inForce = clients.map(({ version }) => Date.parse(`${version.from}T00:00:00+07:00`))
  return new Date(Math.max(changed?.at?.getTime() ?? 0, ...inForce))
}
