import { textOf } from './sources.js'

/**
 * The lock names what to install and its hash, never where from: each machine asks the registry that it is set to.
 * `npm config set omit-lockfile-registry-resolved true` writes it so.
 * @param {string} root
 * @returns {Promise<string[]>}
 */
export async function lockfile(root) {
  return addressesIn(textOf(root, 'package-lock.json'))
}

/**
 * @param {string} text of the lock file
 * @returns {string[]}
 */
export function addressesIn(text) {
  return text
    .split('\n')
    .flatMap((line, at) => (/"resolved":\s*"http/.test(line) ? [`package-lock.json:${at + 1}: ${line.trim()}`] : []))
}
