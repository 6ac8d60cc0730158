import { spawn } from 'node:child_process'
import { join } from 'node:path'

const TOOLS = join(import.meta.dirname, '../../node_modules')

/**
 * Runs one of the tools in `node_modules` and collects what it says.
 * @param {string} tool path below `node_modules/` of its JavaScript entry
 * @param {string[]} args
 * @param {string} cwd
 * @returns {Promise<{ code: number | null, out: string, err: string }>}
 */
export function run(tool, args, cwd) {
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, [join(TOOLS, tool), ...args], {
      cwd,
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let out = ''
    let err = ''
    child.stdout.setEncoding('utf8').on('data', (text) => {
      out += text
    })
    child.stderr.setEncoding('utf8').on('data', (text) => {
      err += text
    })
    child.on('error', failed)
    child.on('close', (code) => done({ code, out, err }))
  })
}

/**
 * @param {string} text
 * @returns {string[]} its lines without the empty ones and without blanks at their ends
 */
export function lines(text) {
  return text
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
}
