import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { dayInVietnam } from '../core/day.ts'
import { isFault } from '../core/fault.ts'
import { importPolygons } from '../core/units/import-polygons.ts'
import { complain, withApp } from './with-app.ts'

export function unitsCommand(program: Command): void {
  program
    .command('units')
    .description('administrative units')
    .command('import')
    .argument('<file>', 'GeoJSON FeatureCollection of polygons, WGS 84')
    .option('--at <day>', 'a day on which the polygons were in force, YYYY-MM-DD; default today')
    .description('load the borders of units, so that a pin decides without doubt')
    .action(importFile)
}

async function importFile(file: string, { at }: { readonly at?: string }): Promise<void> {
  const text = await readFile(file, 'utf8')
  await withApp(async ({ ports }) => {
    const done = await ports.db.transaction((tx) => importPolygons(tx, text, at ?? dayInVietnam(ports.clock.now())))
    if (isFault(done)) return complain(`${file}: ${done.message}`)
    console.log(`${done.stored} borders stored.`)
    if (done.unknown.length > 0) console.log(`No unit of ours: ${done.unknown.join(', ')}`)
  })
}
