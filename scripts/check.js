import { join } from 'node:path'
import { arrows } from './check/arrows.js'
import { house } from './check/house.js'
import { lockfile } from './check/lockfile.js'
import { migrations } from './check/migrations.js'
import { promises } from './check/promises.js'
import { style } from './check/style.js'
import { time } from './check/time.js'
import { types } from './check/types.js'
import { unused } from './check/unused.js'

/** @type {readonly (readonly [name: string, rule: (root: string) => Promise<string[]>])[]} */
const RULES = [
  ['types', types],
  ['promises', promises],
  ['lint and format', style],
  ['arrows between rooms', arrows],
  ['unused code', unused],
  ['time', time],
  ['house', house],
  ['migrations', migrations],
  ['lock file', lockfile],
]

const root = join(import.meta.dirname, '..')
/** @type {string[]} */
const failed = []

for (const [name, rule] of RULES) {
  const start = performance.now()
  const problems = await rule(root).catch((error) => [`the rule itself failed: ${error.stack}`])
  const seconds = ((performance.now() - start) / 1000).toFixed(1).padStart(5)
  console.log(`${problems.length === 0 ? 'ok  ' : 'FAIL'} ${seconds} s  ${name}`)
  for (const problem of problems) console.log(problem.replace(/^/gm, '       '))
  if (problems.length > 0) failed.push(name)
}

if (failed.length > 0) {
  console.log(`\nFailed: ${failed.join(', ')}`)
  process.exitCode = 1
}
