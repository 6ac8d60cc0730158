import { spawnSync } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, extname, join, relative } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const SETTINGS = ['tsconfig.json', 'tsconfig.build.json', 'package-lock.json']
const BUILD_LIMIT_MS = 5 * 60_000

/**
 * Brings `dist/` up to `src/`; says nothing and returns within milliseconds when it already is.
 *
 * Two processes may call this at once: one compiles, the other waits and then finds everything fresh.
 * @param {string} root the checkout
 * @returns {Promise<boolean>} false when the code does not compile (the compiler has said why on stderr)
 */
export async function build(root) {
  // A deployment may carry `dist/` alone.
  if (!existsSync(join(root, 'src')) || isFresh(root, inputsOf(root))) return true
  const release = await lock(join(root, 'dist'))
  try {
    const inputs = inputsOf(root)
    return isFresh(root, inputs) || compile(root, inputs)
  } finally {
    release()
  }
}

/**
 * Everything that decides what `dist/` holds, by content: a checkout that only touches times builds nothing.
 * @typedef {{ files: string[], hash: string }} Inputs
 * @param {string} root
 * @returns {Inputs}
 */
function inputsOf(root) {
  const files = filesIn(join(root, 'src')).filter((file) => !/\.test\.ts$|\.md$/.test(file))
  const hash = createHash('sha256')
  for (const file of [...files.map((name) => join('src', name)), ...SETTINGS]) {
    hash.update(`${file}\0`).update(readFileSync(join(root, file)))
  }
  return { files, hash: hash.digest('hex') }
}

/**
 * What the last build left: the hash of its inputs, empty while it does not compile, and the files it wrote.
 * @param {string} root
 * @returns {{ hash: string, outputs: string[] } | undefined}
 */
function stampOf(root) {
  const stamp = join(root, 'dist/.built')
  return existsSync(stamp) ? JSON.parse(readFileSync(stamp, 'utf8')) : undefined
}

/**
 * @param {string} root
 * @param {string} hash
 * @param {string[]} outputs
 */
function leaveStamp(root, hash, outputs) {
  const draft = join(root, `dist/.built.${process.pid}`)
  writeFileSync(draft, JSON.stringify({ hash, outputs }))
  renameSync(draft, join(root, 'dist/.built'))
}

/**
 * @param {string} root
 * @param {string[]} outputs
 */
function areThere(root, outputs) {
  return outputs.every((output) => existsSync(join(root, 'dist', output)))
}

/**
 * @param {string} root
 * @param {Inputs} inputs
 */
function isFresh(root, { hash }) {
  const last = stampOf(root)
  return last?.hash === hash && areThere(root, last.outputs)
}

/**
 * @param {string} root
 * @param {Inputs} inputs
 */
function compile(root, { files, hash }) {
  const dist = join(root, 'dist')
  const compiler = join(root, 'node_modules/typescript/bin/tsc')
  if (!existsSync(compiler)) throw new Error('TypeScript is not installed here: run `npm ci` first')
  console.error('Building dist/ …')
  const last = stampOf(root)
  // The compiler trusts its own record of what it wrote: an output that was lost comes back only without that record.
  if (!last || !areThere(root, last.outputs)) rmSync(join(dist, '.tsbuildinfo'), { force: true })
  leaveStamp(root, '', last?.outputs ?? [])
  sweep(dist, new Set(files.flatMap(outputsOf)))
  for (const file of files.filter((name) => extname(name) !== '.ts')) {
    mkdirSync(dirname(join(dist, file)), { recursive: true })
    copyFileSync(join(root, 'src', file), join(dist, file))
  }
  // stdout belongs to the command that is about to run.
  const { status } = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], {
    cwd: root,
    stdio: ['ignore', process.stderr, process.stderr],
  })
  if (status !== 0) return false
  leaveStamp(
    root,
    hash,
    filesIn(dist).filter((file) => !file.startsWith('.')),
  )
  return true
}

/**
 * What is read at run time beside the code (locales, SQL) is copied as it is.
 * @param {string} file path below `src/`
 * @returns {string[]} paths below `dist/`
 */
function outputsOf(file) {
  if (file.endsWith('.d.ts')) return []
  return extname(file) === '.ts' ? [file.replace(/\.ts$/, '.js'), file.replace(/\.ts$/, '.js.map')] : [file]
}

/**
 * Removes what no longer has a source, so that a renamed module cannot be imported by its old name.
 * @param {string} dist
 * @param {Set<string>} wanted
 */
function sweep(dist, wanted) {
  for (const file of filesIn(dist)) {
    if (file.startsWith('.') || wanted.has(file)) continue
    rmSync(join(dist, file))
    for (let folder = dirname(file); folder !== '.'; folder = dirname(folder)) {
      if (readdirSync(join(dist, folder)).length > 0) break
      rmdirSync(join(dist, folder))
    }
  }
}

/**
 * @param {string} folder
 * @returns {string[]} sorted paths of the files in it, at any depth, relative to it
 */
function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort()
}

/**
 * One builder at a time. The lock names its owner and appears whole (a hard link), so one left behind by a killed
 * process is known by its dead owner and taken over.
 * @param {string} dist
 * @returns {Promise<() => void>} gives the lock back
 */
async function lock(dist) {
  mkdirSync(dist, { recursive: true })
  const held = join(dist, '.lock')
  const mine = join(dist, `.lock.${randomUUID()}`)
  writeFileSync(mine, String(process.pid))
  try {
    while (!linked(mine, held)) {
      if (isAbandoned(held)) rmSync(held, { force: true })
      else await wait(50)
    }
  } finally {
    rmSync(mine, { force: true })
  }
  return () => rmSync(held, { force: true })
}

/**
 * @param {string} from
 * @param {string} to
 */
function linked(from, to) {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return false
    throw error
  }
}

/**
 * @param {string} held
 */
function isAbandoned(held) {
  try {
    const owner = Number(readFileSync(held, 'utf8'))
    // A container that is started again gives the same numbers again: our own number cannot be the owner's, and no build takes minutes.
    if (owner === process.pid || Date.now() - statSync(held).mtimeMs > BUILD_LIMIT_MS) return true
    process.kill(owner, 0)
    return false
  } catch (error) {
    // EPERM: alive, another user's. ENOENT: given back this moment.
    return isErrno(error, 'ESRCH')
  }
}

/**
 * @param {unknown} error
 * @param {string} code
 */
function isErrno(error, code) {
  return error instanceof Error && 'code' in error && error.code === code
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exitCode = (await build(join(import.meta.dirname, '..'))) ? 0 : 1
}
