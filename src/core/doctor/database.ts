import { PARTITIONED } from '../../platform/database/partitions.ts'
import { appliedMigration, shippedMigration } from '../backup/manifest.ts'
import { error, type Finding, ok, type Patient, warning } from './finding.ts'

const OLDEST_SERVER = 15

export async function serverVersion({ ports }: Patient): Promise<Finding[]> {
  const { rows } = await ports.db.$client.query<{ version: string }>(
    `select current_setting('server_version') as version`,
  )
  const { version } = rows[0]!
  if (Number.parseInt(version, 10) >= OLDEST_SERVER) return [ok(`The database answers: PostgreSQL ${version}.`)]
  return [error(`The database is PostgreSQL ${version}.`, `Move it to PostgreSQL ${OLDEST_SERVER} or newer.`)]
}

export async function migrations({ ports, migrations: folder }: Patient): Promise<Finding[]> {
  if ((await appliedMigration(ports.db.$client)) === shippedMigration(folder))
    return [ok('The schema is that of this version.')]
  return [
    error(
      'The schema of the database is not that of this version.',
      'Start the newest version that ever ran on this database; it brings the schema up to date.',
    ),
  ]
}

export async function nextPartitions({ ports }: Patient): Promise<Finding[]> {
  const now = ports.clock.now()
  const months = [0, 1].map((n) =>
    new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + n, 1)).toISOString().slice(0, 7),
  )
  const names = months.flatMap((month) =>
    Object.keys(PARTITIONED).map((table) => `${table}_${month.replace('-', '_')}`),
  )
  const { rows } = await ports.db.$client.query<{ name: string }>(
    'select name from unnest($1::text[]) as name where to_regclass(name) is null',
    [names],
  )
  if (rows.length === 0) return [ok('This month and the next have their partitions.')]
  const missing = rows.map(({ name }) => name).join(', ')
  return [
    error(`There is no partition ${missing}.`, 'Start the product, or see why its task "sweep" fails: both make it.'),
  ]
}

export async function defaultPartitions({ ports }: Patient): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const [table, column] of Object.entries(PARTITIONED)) {
    const { rows } = await ports.db.$client.query<{ count: string; first: string | null }>(
      `select count(*), to_char(min(${column}), 'YYYY-MM') as first from ${table}_default`,
    )
    const { count, first } = rows[0]!
    if (first === null) continue
    findings.push(
      error(
        `${table}_default has ${count} rows, from ${first} on: their month had no partition when they came, and cannot get one now.`,
        `In one transaction: detach ${table}_default, make the partition, move the rows into ${table}, attach ${table}_default again.`,
      ),
    )
  }
  return findings.length > 0 ? findings : [ok('No row lies outside the partitions of its month.')]
}

/** Leases and rates run by the clock of the database, everything else by ours. */
export async function skew({ ports }: Patient): Promise<Finding[]> {
  const asked = ports.clock.now().getTime()
  // When this very statement arrived, by the clock of the server.
  const { rows } = await ports.db.$client.query<{ at: Date }>(
    'select query_start as at from pg_stat_activity where pid = pg_backend_pid()',
  )
  const seconds = Math.round((rows[0]!.at.getTime() - (asked + ports.clock.now().getTime()) / 2) / 1000)
  if (Math.abs(seconds) <= 2) return [ok('The clocks of this machine and the database agree.')]
  const what = `The clock of the database is ${Math.abs(seconds)} s ${seconds > 0 ? 'ahead of' : 'behind'} this machine's.`
  const mend = 'Let both keep their time by NTP: deadlines and what is due go by this machine, leases by the database.'
  return [Math.abs(seconds) <= 60 ? warning(what, mend) : error(what, mend)]
}
