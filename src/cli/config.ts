import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { stringify } from 'yaml'
import { readShipped } from '../app.ts'
import { isFault } from '../core/fault.ts'
import { applyConfig } from '../core/settings/apply.ts'
import { ConfigFile } from '../core/settings/config-file.ts'
import { exportConfig } from '../core/settings/export.ts'
import { readProfile } from '../core/settings/read-profile.ts'
import { describeProblems, readYaml } from '../core/yaml.ts'
import { complain, withApp } from './with-app.ts'

export function configCommand(program: Command): void {
  const config = program.command('config').description('settings as a file: profile, sources, agencies, links')
  config
    .command('apply')
    .argument('<file>', 'YAML; what it does not name stays as it is')
    .description('bring the settings to what a file says, all or nothing')
    .action(apply)
  config
    .command('export')
    .description('print the settings as a file that can be applied again; secrets are named, not given')
    .action(() => withApp(async ({ ports }) => console.log(stringify(await exportConfig(ports), { lineWidth: 140 }))))
}

async function apply(file: string): Promise<void> {
  const config = readYaml(await readFile(file, 'utf8'), ConfigFile)
  if ('problems' in config) return complain(describeProblems(file, config.problems))
  const named = config.value.profile
  const at = (path: readonly PropertyKey[]) => config.at(['profile', ...path])
  const profile =
    named === undefined
      ? undefined
      : await readProfile(readShipped, typeof named === 'string' ? named : { profile: named, file, at })
  if (profile !== undefined && 'problems' in profile) return complain(profile.problems)
  await withApp(async ({ ports }) => {
    const applied = await applyConfig(ports, 'command-line', {
      config: config.value,
      ...(profile !== undefined && { profile }),
    })
    if (isFault(applied)) return complain(`${file}: ${applied.message}`)
    console.log(applied.changed.length === 0 ? 'Nothing to change.' : `Changed: ${applied.changed.join(', ')}`)
    if (applied.released > 0) console.log(`${applied.released} deliveries that waited for a link go out now.`)
  })
}
