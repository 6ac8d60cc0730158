import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readProfile } from './read-profile.ts'

const SHIPPED = join(import.meta.dirname, '../../..')
const ids = readdirSync(join(SHIPPED, 'profiles')).flatMap((file) => /^(.+)\.yaml$/.exec(file)?.slice(1) ?? [])
const readShipped = (...path: readonly string[]) => readFile(join(SHIPPED, ...path), 'utf8')

/** Ships with a change of one file. */
const changed =
  (file: string, from: string | RegExp, to: string) =>
  async (...path: readonly string[]) => {
    const text = await readShipped(...path)
    if (path.join('/') !== file) return text
    const other = text.replace(from, to)
    if (other === text) throw new Error(`${file} has no ${String(from)}`)
    return other
  }

it('ships the two that are complete and the three that are sketched', async () => {
  const found = await Promise.all(ids.map((id) => readProfile(readShipped, id)))
  expect(
    Object.fromEntries(found.map((one) => ('problems' in one ? [one.problems] : [one.profile.id, one.profile.status]))),
  ).toEqual({
    'binh-dinh': 'sketch',
    'ca-mau': 'sketch',
    'dak-lak': 'sketch',
    'dien-bien': 'complete',
    hcmc: 'complete',
  })
})

describe('each that ships', () => {
  it.each(ids)('%s names an article for every rule, says the line for editors, and fits its units', async (id) => {
    const read = await readProfile(readShipped, id)
    if ('problems' in read) throw new Error(read.problems)
    expect((await readShipped('profiles', `${id}.yaml`)).split('\n')[0]).toBe(
      '# yaml-language-server: $schema=./profile.schema.json',
    )
    for (const version of read.profile.versions)
      for (const { source } of version.steps) expect(source).toMatch(/Điều \d+|mục [IVX]+|điểm \d+/i)
    const days = read.profile.versions.map(({ from }) => from)
    for (const day of days.filter((one) => one >= '2025-07-01'))
      expect(read.units.agencies.filter(({ from, to }) => from <= day && to === null).length).toBeGreaterThan(40)
  })
})

describe('what is wrong between the files is said at the line', () => {
  it.each<[string, ReturnType<typeof changed>, RegExp]>([
    [
      'a function that no agency has',
      changed('profiles/hcmc.yaml', 'field: trees, to: trees', 'field: trees, to: gardens'),
      /^profiles\/hcmc\.yaml:\d+ versions\.0\.routing\.table\.3\.to: no agency has the function gardens/,
    ],
    [
      'a function whose agency ended',
      changed(
        'data/agencies/hcmc.yaml',
        'functions: [office], from: 2023-10-26',
        'functions: [office], from: 2023-10-26, to: 2025-06-30',
      ),
      /^profiles\/hcmc\.yaml:\d+ versions\.1\.routing\.table\.\d+\.to: no agency has the function office/,
    ],
    [
      'an agency twice',
      changed('data/agencies/hcmc.yaml', 'id: so-khcn', 'id: so-tttt'),
      /^data\/agencies\/hcmc\.yaml:\d+ agencies: an id stands twice/,
    ],
    [
      'units of another province',
      changed('profiles/hcmc.yaml', 'units: hcmc', 'units: ca-mau'),
      /^profiles\/hcmc\.yaml:\d+ province: the units are those of 96/,
    ],
    [
      'units that do not ship',
      changed('profiles/hcmc.yaml', 'units: hcmc', 'units: hue'),
      /^profiles\/hcmc\.yaml:\d+ units: no file data\/units\/hue\.yaml/,
    ],
    [
      'agencies that do not ship',
      changed('profiles/hcmc.yaml', 'agencies: hcmc', 'agencies: hue'),
      /^profiles\/hcmc\.yaml:\d+ agencies: no file/,
    ],
    [
      'a category that there is not',
      changed('profiles/hcmc.yaml', 'categories: [ideas], to', 'categories: [idea], to'),
      /^profiles\/hcmc\.yaml:\d+ versions\.0\.routing\.table\.\d+\.categories\.0: no category idea/,
    ],
  ])('%s', async (_, read, said) => {
    const found = await readProfile(read, 'hcmc')
    expect('problems' in found && found.problems).toMatch(said)
    const [, file = '', line = ''] = /^([^:]+):(\d+)/.exec('problems' in found ? found.problems : '') ?? []
    expect(Number(line)).toBeGreaterThan(file.startsWith('data') ? 5 : 4)
  })

  it('a profile that does not ship', async () => {
    expect(await readProfile(readShipped, 'hue')).toEqual({ problems: 'no profile hue ships' })
  })
})
