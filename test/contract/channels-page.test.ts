import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { channels } from '../../src/channels/list.ts'
import { contracts } from './contracts.ts'
import { drawChannels } from './draw-channels.ts'
import { TRAPS } from './traps.ts'

const ROOT = join(import.meta.dirname, '../..')

it('every channel stands in the list under its kind, and has told of each of its ways in', () => {
  expect(channels.map(({ kind }) => kind).sort()).toEqual(Object.keys(contracts).sort())
  for (const { kind, intakes } of channels) {
    const told = contracts[kind as keyof typeof contracts].ways.map(({ way }) => way)
    expect([kind, new Set(told)]).toEqual([kind, new Set(intakes.map(({ intake }) => intake))])
  }
})

it.each(TRAPS.map(({ trap, held }) => [trap, held] as const))('there is a test for: %s', (_, held) => {
  for (const [file, test] of held) expect(readFileSync(join(ROOT, file), 'utf8')).toContain(test)
})

it('the page is drawn as it is (UPDATE_DOCS=1 draws it anew), and its links lead somewhere', () => {
  const file = join(ROOT, 'docs/channels.md')
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(file, drawChannels())
  const page = readFileSync(file, 'utf8')
  expect(page).toBe(drawChannels())
  const links = [...page.matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)].map(([, path]) => path!)
  expect(links.filter((path) => !existsSync(join(ROOT, 'docs', path)))).toEqual([])
})
