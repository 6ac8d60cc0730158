import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import type { Command } from 'commander'
import { shipped } from '../app.ts'
import { type Config, readConfig } from '../config.ts'
import { type Checked, checkBackup, refuseTakenFolder, restore } from '../core/backup/restore.ts'
import { type Fault, fault, isFault } from '../core/fault.ts'
import { isOutage, openDatabase } from '../platform/database/database.ts'
import { startEmbedded } from '../platform/database/embedded/launch.ts'
import { isRefused } from '../platform/database/embedded/refused.ts'
import { makeFiles } from '../platform/files/files.ts'
import { syncFolder } from '../platform/files/sync-folder.ts'
import { loadRootKey } from '../platform/secrets/root-key.ts'
import { makeSecrets, type Secrets } from '../platform/secrets/secrets.ts'
import { complain } from './with-app.ts'

export function restoreCommand(program: Command): void {
  program
    .command('restore')
    .argument('<file>', 'what `paht backup` wrote')
    .description(
      'load a backup into an empty PAHT_DATA_DIR, and an empty database where DATABASE_URL is set; asks for PAHT_SECRET_KEY',
    )
    .action(load)
}

async function load(file: string): Promise<void> {
  const config = readConfig(process.env)
  if ('problems' in config) return complain(config.problems.join('\n'))
  const taken = await refuseTakenFolder(config.dataDir)
  if (taken !== undefined) return complain(taken.message)
  const given = config.secretKey ?? (await askForKey())
  if (given === undefined) return complain('Set PAHT_SECRET_KEY to the key that the backup was made with.')
  const rootKey = await loadRootKey({ dataDir: config.dataDir, configured: given, production: true })
  if (!Buffer.isBuffer(rootKey)) return complain(rootKey.noRootKey)
  const secrets = makeSecrets(rootKey)
  const checked = await checkBackup(secrets, shipped('drizzle'), file)
  if (isFault(checked)) return complain(checked.message)

  const refused = await loadInto(config, secrets, checked)
  if (refused !== undefined) return complain('fault' in refused ? refused.message : refused.refused)
  if (config.databaseUrl === undefined) await keepKey(config.dataDir, rootKey)
  const rows = Object.values(checked.manifest.tables).reduce((sum, count) => sum + count, 0)
  console.log(`${rows} rows and ${checked.end.files} files are back, as of ${checked.manifest.at}.`)
  const missing = checked.end.gone.length + checked.end.lost.length
  if (missing > 0) console.log(`${missing} files were not in the backup: see "paht doctor --files".`)
}

async function loadInto(
  config: Config,
  secrets: Secrets,
  checked: Checked,
): Promise<Fault | { readonly refused: string } | undefined> {
  const { databaseUrl, dataDir } = config
  const embedded = databaseUrl === undefined ? await startEmbedded({ dataDir, log: () => undefined }) : undefined
  if (isRefused(embedded)) return embedded
  const connection = embedded?.connection ?? { connectionString: databaseUrl }
  const db = openDatabase({ connection, poolSize: config.poolSize, log: (error) => console.error(error.message) })
  try {
    const files = makeFiles({ dataDir }, secrets)
    return await restore({ db, files, dataDir, migrations: shipped('drizzle') }, checked)
  } catch (error) {
    const unusable = `Nothing that was restored can be used: empty ${dataDir} before you try again.`
    if (error instanceof Error && isOutage(error))
      return fault('unreachable', `The database is away (${error.message}). ${unusable}`)
    complain(unusable)
    throw error
  } finally {
    await db.$client.end()
    await embedded?.stop()
  }
}

/** As the first start makes it, so that the next one needs no configuration either. */
async function keepKey(dataDir: string, key: Buffer): Promise<void> {
  const file = await open(join(dataDir, 'secret.key'), 'wx', 0o600)
  try {
    await file.writeFile(`${key.toString('base64')}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  await syncFolder(dataDir)
}

/** On a terminal, without showing what is typed; undefined where there is nobody to ask. */
async function askForKey(): Promise<string | undefined> {
  if (!process.stdin.isTTY) return undefined
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() })
  // It turns the terminal's own echo off; only then may the question stand there.
  const terminal = createInterface({ input: process.stdin, output: unseen, terminal: true })
  process.stderr.write('PAHT_SECRET_KEY of the backup: ')
  try {
    return await terminal.question('')
  } finally {
    terminal.close()
    process.stderr.write('\n')
  }
}
