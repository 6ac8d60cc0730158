import { lines, run } from './run.js'

/**
 * Lint and format.
 * @param {string} root
 * @returns {Promise<string[]>} what `biome ci` says, as it says it
 */
export async function style(root) {
  const { code, out, err } = await run('@biomejs/biome/bin/biome', ['ci', '--colors=off', '--error-on-warnings'], root)
  return code === 0 ? [] : lines(out + err)
}
