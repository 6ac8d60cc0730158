import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { Profile } from '../profile/profile.ts'
import { readYaml } from '../yaml.ts'
import { lineFor } from './line-for.ts'

function routingOf(id: string) {
  const read = readYaml(readFileSync(new URL(`../../../profiles/${id}.yaml`, import.meta.url), 'utf8'), Profile)
  if ('problems' in read) throw new Error(JSON.stringify(read.problems))
  return read.value.versions.at(-1)!.routing
}

describe('in Thành phố Hồ Chí Minh (4874/QĐ-UBND, Điều 6, 7)', () => {
  const routing = routingOf('hcmc')
  it.each([
    ['infrastructure', 'water-supply', 'water-supply automatically'],
    ['infrastructure', 'power', 'power automatically'],
    ['infrastructure', null, 'no-field'],
    ['infrastructure', 'unheard-of', 'no-field'],
    ['society', null, 'place by-officer'],
    ['ideas', null, 'office automatically'],
    ['slow-instruction', null, 'office automatically'],
    [null, null, 'no-category'],
    ['unheard-of', null, 'no-category'],
  ])('%s, %s: %s', (category, field, expected) => {
    const line = lineFor(routing, { category, field })
    expect(typeof line === 'string' ? line : `${line.to} ${line.dispatched}`).toBe(expected)
  })
})

it('in Điện Biên the place alone decides (663/QĐ-UBND, Điều 6)', () => {
  expect(lineFor(routingOf('dien-bien'), { category: null, field: null })).toEqual({
    to: 'place',
    dispatched: 'automatically',
  })
})
