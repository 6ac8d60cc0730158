import { describe, expect, it } from 'vitest'
import { isLook, showsIt, stepsOf } from './page.ts'

const SHOWN = '{ "code": "DB-26-7K3M-9QXT", "at": "2026-11-30T02:00:00.000Z", "link": "…",\n  "of": [{ "n": 1 }] }\n'
const found = (more: object) =>
  JSON.stringify({ code: 'DB-26-2222-2222', at: '2025-01-01T00:00:00Z', link: 'x', of: [{ n: 1 }], ...more })

describe('a page shows what is answered', () => {
  it('where codes, times and what is left out alone differ', () => {
    expect(showsIt({ as: 'json', text: SHOWN }, found({}))).toBe(true)
    expect(showsIt({ as: 'json', text: SHOWN + SHOWN }, `${found({})}\n${found({})}\n`)).toBe(true)
    expect(showsIt({ as: 'text', text: 'yes\n' }, 'yes')).toBe(true)
  })

  it.each<[string, string]>([
    ['a name more', found({ more: 1 })],
    ['a name less', found({ link: undefined })],
    ['another word', found({ code: 'none' })],
    ['another number', found({ of: [{ n: 2 }] })],
    ['a thing more in a list', found({ of: [{ n: 1 }, { n: 1 }] })],
    ['nothing where something is left out', found({ link: '' })],
    ['an answer more', `${found({})}\n${found({})}`],
    ['no answer', ''],
  ])('and not with %s', (_, answered) => {
    expect(showsIt({ as: 'json', text: SHOWN }, answered)).toBe(false)
  })
})

it('a block is what is typed, and what it shows stands behind it', () => {
  const page = 'A\n\n```sh\ncurl x\n```\n\nB\n```json\n{}\n```\n```sh\nls\n```\n'
  expect(stepsOf(page)).toEqual([
    { line: 3, commands: 'curl x\n', shows: { as: 'json', text: '{}\n' } },
    { line: 11, commands: 'ls\n' },
  ])
  expect(() => stepsOf('```json\n{}\n```\n')).toThrow('follows nothing')
})

it('only a look is looked at again', () => {
  expect(['curl -sS x -H y', 'grep a b | tail -n 1'].map(isLook)).toEqual([true, true])
  expect(['curl x -d y', 'curl -X POST x', 'a > b', 'curl x --data-binary @y', 'curl -s x -F y'].some(isLook)).toBe(
    false,
  )
})
