import { expect, it } from 'vitest'
import { addressesIn } from './lockfile.js'

it('refuses a download address and accepts a lock without one', () => {
  const lock =
    '{\n  "version": "4.6.7",\n  "resolved": "https://registry.example/zod-4.6.7.tgz",\n  "integrity": "sha512-x"\n}'
  expect(addressesIn(lock)).toEqual(['package-lock.json:3: "resolved": "https://registry.example/zod-4.6.7.tgz",'])
  expect(addressesIn(lock.replace(/.*resolved.*\n/, ''))).toEqual([])
})
