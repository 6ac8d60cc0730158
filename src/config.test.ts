import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { exampleEnvironment, readConfig } from './config.ts'

it('.env.example says what the schema says (renew: UPDATE_EXAMPLE=1 npx vitest run src/config.test.ts)', async () => {
  const file = new URL('../.env.example', import.meta.url)
  if (process.env['UPDATE_EXAMPLE'] === '1') (await import('node:fs')).writeFileSync(file, exampleEnvironment())
  expect(readFileSync(file, 'utf8')).toBe(exampleEnvironment())
})

it.each([
  [{ PORT: 'eighty' }, 'PORT'],
  [{ PORT: '70000' }, 'PORT'],
  [{ PAHT_ROLES: 'web,cook' }, 'PAHT_ROLES'],
  [{ PUBLIC_URL: 'ftp://a.example' }, 'PUBLIC_URL'],
  [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL'],
])('%j is refused with a sentence that names %s', (environment, name) => {
  const read = readConfig(environment)
  expect('problems' in read && read.problems.join()).toContain(name)
})

it('takes an empty variable for one that is not set, and defaults for all', () => {
  const read = readConfig({ DATABASE_URL: '', PORT: '', PAHT_ROLES: '' })
  expect(read).toMatchObject({ databaseUrl: undefined, port: 8080, roles: ['web', 'worker', 'listener'] })
})

it('has no slash at the end of PUBLIC_URL', () => {
  expect(readConfig({ PUBLIC_URL: 'https://a.example/x//' })).toMatchObject({ publicUrl: 'https://a.example/x' })
})
