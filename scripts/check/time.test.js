import { expect, it } from 'vitest'
import { clocksReadIn } from './time.js'

const SOMEWHERE = 'src/core/cases/forward.ts'

it.each([
  ['const at = Date.now()', 'Date.now'],
  ['const at = globalThis.Date.now()', 'Date.now'],
  ['const clock = Date.now', 'Date.now'],
  ['const at = new Date()', 'new Date()'],
  ['const at = new Date', 'new Date()'],
  ['const at = Date()', 'Date()'],
  ['const query = sql`select * from task where due < now()`', 'SQL now()'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the code under test
  ['const query = sql`update ${task} set due = NOW ( )`', 'SQL NOW ( )'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the code under test
  ['const query = sql`${a}, clock_timestamp(), ${b}`', 'SQL clock_timestamp()'],
  ["client.query('select current_timestamp')", 'SQL current_timestamp'],
  ["client.query('select CURRENT_DATE')", 'SQL CURRENT_DATE'],
  ["const column = timestamp('at').defaultNow()", 'defaultNow()'],
])('refuses %s', (text, clock) => {
  expect(clocksReadIn(SOMEWHERE, text)).toEqual([`${SOMEWHERE}:1: ${clock} outside src/platform/clock/`])
})

it.each([
  'const at = new Date(0)',
  'const at = clock.now()',
  'const took = performance.now() - start',
  'const at: Date = act.at',
  '// Date.now() and new Date() are for the clock',
  'const query = sql`select known(), now_or_never, current_timestamps from task`',
])('accepts %s', (text) => {
  expect(clocksReadIn(SOMEWHERE, text)).toEqual([])
})

it.each([
  ['src/platform/clock/clock.ts', 'const at = Date.now()', 0],
  ['src/platform/tasks/claim.ts', 'const lease = sql`now()`', 0],
  ['src/platform/tasks/claim.ts', 'const at = Date.now()', 1],
  ['src/core/cases/forward.test.ts', 'const at = Date.now()', 1],
])('in %s: %s has %i faults', (file, text, faults) => {
  expect(clocksReadIn(file, text)).toHaveLength(faults)
})
