import type { Figures } from './measure.ts'

/** By so much a figure may fall before somebody must look: one line more or less is chance. */
const MOST_DROP = 0.01

/** What fell from the figures that are committed, in sentences. More suggestions for a report are no drop, nor fewer. */
export function drops(before: { readonly overall: Figures }, now: { readonly overall: Figures }): string[] {
  const was = new Map(leaves(before.overall))
  return leaves(now.overall).flatMap(([name, value]) => {
    const then = was.get(name)
    const fell = then !== undefined && !name.endsWith('per_report') && value < then - MOST_DROP
    return fell ? [`${name} fell from ${(100 * then).toFixed(1)} to ${(100 * value).toFixed(1)}`] : []
  })
}

function leaves(value: object, path = ''): [string, number][] {
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => {
    const name = path === '' ? key : `${path}.${key}`
    if (typeof inner === 'number') return [[name, inner] as [string, number]]
    return typeof inner === 'object' && inner !== null ? leaves(inner, name) : []
  })
}
