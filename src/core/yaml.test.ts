import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { describeProblems, readYaml } from './yaml.ts'

const Shape = z.strictObject({
  name: z.string(),
  units: z.array(z.strictObject({ code: z.string(), size: z.int().positive() })).default([]),
})
const read = (text: string) => readYaml(text, Shape)

describe('a file that holds what it must', () => {
  it.each<[string, string, unknown]>([
    [
      'as people write it',
      'name: a # why\nunits:\n  - { code: "01", size: 1 }\n',
      { name: 'a', units: [{ code: '01', size: 1 }] },
    ],
    ['as JSON', '{"name":"a"}', { name: 'a', units: [] }],
    [
      'with what it has in common said once',
      'name: a\nunits:\n  - &one { code: x, size: 1 }\n  - { <<: *one, code: y }\n',
      {
        name: 'a',
        units: [
          { code: 'x', size: 1 },
          { code: 'y', size: 1 },
        ],
      },
    ],
    ['with a BOM and line ends of Windows', '\ufeffname: a\r\nunits: []\r\n', { name: 'a', units: [] }],
  ])('is read %s', (_, text, value) => {
    expect(read(text)).toMatchObject({ value })
  })

  it('is not read as the YAML of 2005: "no" is a word', () => {
    expect(read('name: no')).toMatchObject({ value: { name: 'no', units: [] } })
  })
})

describe('a file that does not', () => {
  it.each<[string, string, readonly [number, string][]]>([
    [
      'names the line of each value',
      'name: a\nunits:\n  - { code: x, size: 0 }\n  - { code: 1, size: 1 }\n',
      [
        [3, 'units.0.size'],
        [4, 'units.1.code'],
      ],
    ],
    ['names the line of what lacks something', 'name: a\nunits:\n  - code: x\n', [[3, 'units.0.size']]],
    [
      'names the line of what nobody knows',
      'name: a\nunits:\n  - code: x\n    size: 1\n    colour: red\n',
      [[3, 'units.0']],
    ],
    ['names its first line where all is missing', '', [[1, '']]],
    ['names the line of a tab', 'name: a\nunits:\n\t- code: x\n', [[3, '']]],
    ['names the line of a bracket that is left open', 'name: a\nunits: [\n', [[3, '']]],
    ['names the line of a name that stands twice', 'name: a\nname: b\n', [[2, '']]],
    ['names an alias of nothing', 'name: a\nunits: *gone\n', [[1, '']]],
  ])('%s', (_, text, places) => {
    const found = read(text)
    expect('problems' in found && found.problems.map(({ line, path }) => [line, path])).toEqual(places)
  })

  it('says file, line and what is wrong', () => {
    const found = read('name: a\nunits:\n  - { code: x, size: many }\n')
    const said = 'problems' in found ? describeProblems('config.yaml', found.problems) : ''
    expect(said).toMatch(/^config\.yaml:3 units\.0\.size: \S.+$/)
  })
})

describe('a hostile file', () => {
  const laughs = [
    'a0: &a0 [x, x]',
    ...Array.from({ length: 12 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}, *a${i}, *a${i}]`),
  ]

  it.each<[string, string]>([
    ['that would grow without end', laughs.join('\n')],
    ['that is larger than any of ours', `name: ${'x'.repeat(5 * 1024 * 1024)}`],
    ['that is nested without end', '['.repeat(50_000)],
    ['that is nested without end and closed', `${'['.repeat(20_000)}${']'.repeat(20_000)}`],
    ['that names what every object has', '__proto__: { name: a }'],
    ['that calls for code', 'name: !!js/function "function () { return 1 }"\nunits: !!js/undefined ""\n'],
  ])('is a problem, quickly, and no crash: %s', (_, text) => {
    const started = performance.now()
    expect(read(text)).toHaveProperty('problems')
    expect(performance.now() - started).toBeLessThan(5000)
  })
})
