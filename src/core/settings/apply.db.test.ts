import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { eq, like, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestPorts, testPorts } from '../../../test/support/ports.ts'
import { isFault } from '../fault.ts'
import { agencies, profiles } from '../tables/index.ts'
import { applyConfig } from './apply.ts'
import { ConfigFile } from './config-file.ts'
import { exportConfig } from './export.ts'
import { readProfile } from './read-profile.ts'
import { renewProfiles } from './renew-profiles.ts'

const readShipped = (...path: readonly string[]) => readFile(join(import.meta.dirname, '../../..', ...path), 'utf8')

let t: TestPorts
beforeAll(async () => {
  t = await testPorts()
})
afterAll(() => t.close())

async function apply(id: string) {
  const profile = await readProfile(readShipped, id)
  if ('problems' in profile) throw new Error(profile.problems)
  return applyConfig(t.ports, 'system', { config: ConfigFile.parse({}), profile })
}

describe('a profile that ships is applied, and again without a change', () => {
  it.each([
    ['hcmc', 168 + 38 + 11],
    ['binh-dinh', 135 + 28 + 6],
    ['ca-mau', 64 + 16 + 1],
    ['dak-lak', 102 + 24 + 1],
  ])('%s', async (id, count) => {
    const applied = await apply(id)
    if (isFault(applied)) throw new Error(applied.message)
    expect(applied.changed.filter((each) => each.startsWith('agency:'))).toHaveLength(count)
    expect(applied.changed).toContain(`profile:${id}`)
    expect(await apply(id)).toEqual({ changed: [], released: 0 })
    expect(await t.ports.db.$count(agencies, like(agencies.id, `${id}-%`))).toBe(count)
    const { profile } = await t.ports.profiles.get(id)
    expect(profile.id).toBe(id)
  })

  it('and every agency of a function can be found by it', async () => {
    const held = await t.ports.db
      .select({ id: agencies.id })
      .from(agencies)
      .where(sql`${agencies.functions} @> '["telecom"]'::jsonb`)
      .orderBy(agencies.id)
    expect(held.map(({ id }) => id)).toEqual(['hcmc-so-khcn', 'hcmc-so-tttt'])
  })

  it('and what is exported can be applied again', async () => {
    const exported = await exportConfig(t.ports)
    expect(ConfigFile.parse(JSON.parse(JSON.stringify(exported)))).toEqual(exported)
  })
})

describe('a profile of another version of the product', () => {
  const spoil = (id: string) =>
    t.ports.db
      .update(profiles)
      .set({ body: { id, versions: [] } })
      .where(eq(profiles.id, id))

  it('gives way to the one of its name that ships', async () => {
    const [before] = await t.ports.db.select().from(profiles).where(eq(profiles.id, 'ca-mau'))
    await spoil('ca-mau')
    expect(await renewProfiles(t.ports, readShipped)).toEqual(['ca-mau'])
    const [after] = await t.ports.db.select().from(profiles).where(eq(profiles.id, 'ca-mau'))
    expect(after!.body).toEqual(before!.body)
    expect(await renewProfiles(t.ports, readShipped)).toEqual([])
  })

  it('that does not ship is to be applied again, and says so', async () => {
    await t.ports.db.insert(profiles).values({ id: 'hue', body: {} })
    expect(await renewProfiles(t.ports, readShipped)).toMatchObject({
      fault: 'rejected',
      message: expect.stringContaining('the profile hue is of another version'),
    })
  })
})
