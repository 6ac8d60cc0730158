import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { Profile } from './profile.ts'

const FILE = new URL('../../../profiles/profile.schema.json', import.meta.url)

/** Draft 7: what editors of YAML read. */
it('profiles/profile.schema.json is made from the schema', () => {
  const { $schema, ...schema } = z.toJSONSchema(Profile, { io: 'input', target: 'draft-7' })
  const made = `${JSON.stringify({ $schema, title: 'Profile of PAHT Hub: one province’s rules', ...schema }, null, 2)}\n`
  if (process.env['UPDATE_PROFILE_SCHEMA'] === '1') writeFileSync(FILE, made)
  expect(readFileSync(FILE, 'utf8'), 'made anew by UPDATE_PROFILE_SCHEMA=1').toBe(made)
})

describe('an editor that reads it', () => {
  const published = z.fromJSONSchema(JSON.parse(readFileSync(FILE, 'utf8')) as Parameters<typeof z.fromJSONSchema>[0])
  const shipped = readdirSync(new URL('.', FILE)).filter((file) => file.endsWith('.yaml'))
  const bodyOf = (file: string) =>
    parse(readFileSync(new URL(file, FILE), 'utf8'), { merge: true }) as { versions: [Record<string, unknown>] }

  it.each(shipped)('takes %s', (file) => expect(published.safeParse(bodyOf(file)).error).toBeUndefined())

  it.each([
    ['a section that nobody knows', { secret: true }],
    ['a wrong word', { routing: { by: 'guess' } }],
    ['no deadlines', { steps: undefined }],
  ])('refuses %s', (_, change) => {
    const { versions, ...rest } = bodyOf('dien-bien.yaml')
    const wrong = JSON.parse(JSON.stringify({ ...rest, versions: [{ ...versions[0], ...change }] })) as unknown
    expect(published.safeParse(wrong).success).toBe(false)
  })
})
