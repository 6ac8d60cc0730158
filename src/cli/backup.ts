import type { Command } from 'commander'
import { readShipped } from '../app.ts'
import { backup } from '../core/backup/backup.ts'
import { isFault } from '../core/fault.ts'
import { complain, withApp } from './with-app.ts'

export function backupCommand(program: Command): void {
  program
    .command('backup')
    .argument('<file>', 'where to write it; must not be there yet')
    .description('write database, files and anchors as of now into one sealed file, beside the running product')
    .action(make)
}

async function make(file: string): Promise<void> {
  const { version } = JSON.parse(await readShipped('package.json')) as { version: string }
  await withApp(async ({ ports, config }) => {
    const done = await backup(ports, { dataDir: config.dataDir, product: version }, file)
    if (isFault(done)) return complain(done.message)
    const { manifest, end } = done
    const rows = Object.values(manifest.tables).reduce((sum, count) => sum + count, 0)
    console.log(`${file}: ${rows} rows and ${end.files} files as of ${manifest.at}.`)
    if (end.gone.length > 0) console.log(`${end.gone.length} files were erased meanwhile and are not in it.`)
    console.log('Only PAHT_SECRET_KEY opens it, and the key is not in it: keep a copy of it in another place.')
    if (end.lost.length > 0)
      complain(`${end.lost.length} files are missing or damaged and not in it: see "paht doctor --files".`)
  })
}
