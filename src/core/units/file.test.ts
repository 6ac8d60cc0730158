import { describe, expect, it } from 'vitest'
import { readUnitsFile } from './file.ts'

const good = `province: "11"
units:
  - { code: "11", from: 2004-01-01, type: Tỉnh, name: Núi }
  - { code: "03160", from: 2020-01-01, to: 2025-06-30, type: Xã, name: Suối, parent: "11" }
  - { code: "03161", from: 2020-01-01, to: 2025-06-30, type: Xã, name: Đồi, parent: "11", aliases: [Đồi Cũ] }
  - { code: "03160", from: 2025-07-01, type: Xã, name: Đèo, parent: "11", centre: [22.1, 102.5], radius: 900 }
links:
  - { at: 2025-07-01, new: "03160", full: ["03160"], partial: ["03161"] }
agencies:
  - { code: H18.03160, placeholder: true, name: UBND xã Đèo, unit: "03160", from: 2025-07-01 }
`

it('reads units, links one by one, and agencies', () => {
  const read = readUnitsFile(good)
  if (!('value' in read)) throw new Error(JSON.stringify(read.problems))
  const { units, links, agencies } = read.value
  expect(units[3]).toEqual({
    code: '03160',
    from: '2025-07-01',
    to: null,
    type: 'Xã',
    name: 'Đèo',
    aliases: [],
    parent: '11',
    centre: { lat: 22.1, lng: 102.5 },
    radius: 900,
  })
  expect(links).toEqual([
    { oldCode: '03160', newCode: '03160', kind: 'full', at: '2025-07-01' },
    { oldCode: '03161', newCode: '03160', kind: 'partial', at: '2025-07-01' },
  ])
  expect(agencies[0]).toMatchObject({ code: 'H18.03160', placeholder: true, unit: '03160', to: null })
})

describe('names the line of', () => {
  it.each([
    ['a code without quotes', ['code: "03161"', 'code: 03161'], 5, /quotes/],
    ['a code of another form', ['code: "03161"', 'code: "3161"'], 5, /digits/],
    [
      'a date that does not exist',
      ['to: 2025-06-30, type: Xã, name: Suối', 'to: 2025-06-31, type: Xã, name: Suối'],
      4,
      /date/,
    ],
    ['a word that means nothing', ['radius: 900', 'radios: 900'], 6, /radios/],
    ['a missing name', ['name: Đồi, ', ''], 5, /expected string/],
    [
      'a code that stands twice for the same days',
      ['to: 2025-06-30, type: Xã, name: Suối', 'type: Xã, name: Suối'],
      6,
      /twice/,
    ],
    [
      'an end before the beginning',
      [
        'from: 2020-01-01, to: 2025-06-30, type: Xã, name: Đồi',
        'from: 2025-07-01, to: 2025-06-30, type: Xã, name: Đồi',
      ],
      5,
      /ends before/,
    ],
    ['a parent that was not there', ['from: 2004-01-01', 'from: 2024-01-01'], 4, /no unit 11 on 2020-01-01/],
    ['a parent of the same tier', ['name: Đồi, parent: "11"', 'name: Đồi, parent: "03160"'], 5, /higher tier/],
    ['a link to nothing', ['new: "03160"', 'new: "03169"'], 8, /no unit 03169 on 2025-07-01/],
    ['a link from nothing', ['partial: ["03161"]', 'partial: ["03162"]'], 8, /no unit 03162 on 2025-06-30/],
    ['an agency of no unit', ['unit: "03160"', 'unit: "03161"'], 10, /no unit 03161 on 2025-07-01/],
    ['a broken line', ['name: Suối', 'name: Suối }'], 4, /./],
  ] as const)('%s', (_, [from, to], line, problem) => {
    expect(good).toContain(from)
    const read = readUnitsFile(good.replace(from, to))
    expect(read).toMatchObject({
      problems: expect.arrayContaining([expect.objectContaining({ line, problem: expect.stringMatching(problem) })]),
    })
  })
})
