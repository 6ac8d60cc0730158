import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { connectors } from './list.ts'

it('every connector has a kind of its own', () => {
  expect(new Set(connectors.map(({ kind }) => kind)).size).toBe(connectors.length)
})

describe.each(connectors)('the settings of $kind', ({ settings, secrets }) => {
  const { properties = {} } = z.toJSONSchema(settings, { io: 'input' })
  const fields = Object.entries(properties as Record<string, { title?: string; secret?: boolean }>)

  it('make a form that knows which fields are secret', () => {
    expect(fields.filter(([, { secret }]) => secret).map(([name]) => name)).toEqual(secrets)
  })

  it('have a title for every field', () => {
    for (const [, { title }] of fields) expect(title).toBeTruthy()
  })
})
