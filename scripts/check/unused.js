import { lines, run } from './run.js'

/**
 * Files, exports and dependencies that nothing uses, and those that are used but not declared.
 * @param {string} root
 * @returns {Promise<string[]>} what knip says, as it says it
 */
export async function unused(root) {
  const { code, out, err } = await run('knip/bin/knip.js', ['--no-progress', '--no-config-hints'], root)
  return code === 0 ? [] : lines(out + err)
}
