import { appendFileSync } from 'node:fs'

/**
 * A crash point: nothing unless a test arms it by PAHT_FAILPOINT=`name` or `name:n` (the n-th time it is passed), with
 * PAHT_FAILPOINT_HITS naming the file where the hit is written before the process kills itself, so that the test can assert it.
 */
const [armed, nth = '1'] = (process.env['PAHT_FAILPOINT'] ?? '').split(':')
let passes = 0

export function failpoint(name: string): void {
  if (armed === '' || name !== armed || ++passes < Number(nth)) return
  const hits = process.env['PAHT_FAILPOINT_HITS']
  if (hits !== undefined) appendFileSync(hits, `${name}\n`)
  process.kill(process.pid, 'SIGKILL')
}
