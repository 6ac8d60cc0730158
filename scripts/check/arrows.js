import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { lines, run } from './run.js'

const FOLDERS = ['src', 'test', 'bench', 'scripts', 'bin']

/**
 * Who imports whom, by the rules of `.dependency-cruiser.cjs`.
 * @param {string} root
 * @returns {Promise<string[]>} one line an arrow that points where it must not
 */
export async function arrows(root) {
  const folders = FOLDERS.filter((folder) => existsSync(join(root, folder)))
  const args = ['--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...folders]
  const { out, err } = await run('dependency-cruiser/bin/dependency-cruise.mjs', args, root)
  if (!out.startsWith('{')) return ['dependency-cruiser did not run', ...lines(err || out)]
  /** @type {import('dependency-cruiser').ICruiseResult} */
  const result = JSON.parse(out)
  return result.summary.violations.map(({ rule, from, to, cycle }) => {
    const way = cycle ? cycle.map(({ name }) => name) : [to]
    return `${rule.name}: ${[from, ...way].join(' → ')}`
  })
}
