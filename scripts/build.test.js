import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'

const REPOSITORY = join(import.meta.dirname, '..')

/** @type {string} */
let root

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'paht-build-'))
  for (const name of [
    'tsconfig.json',
    'tsconfig.build.json',
    'package.json',
    'package-lock.json',
    'scripts/build.js',
    'bin',
  ]) {
    cpSync(join(REPOSITORY, name), join(root, name), { recursive: true })
  }
  symlinkSync(join(REPOSITORY, 'node_modules'), join(root, 'node_modules'))
  source(
    'main.ts',
    "import { word } from './room/word.ts'\nprocess.stdout.write(word + process.argv.slice(2).join(' '))\n",
  )
  source('room/word.ts', "export const word: string = 'hello '\n")
  source('room/word.test.ts', "throw new Error('a test is not built')\n")
  source('room/locales/vi.json', '{ "hello": "xin chào" }\n')
})
afterEach(() => rmSync(root, { recursive: true }))

it('builds, runs the command in the caller’s folder and passes its arguments on', async () => {
  expect(await node('bin/paht.js', 'doctor', '--quick')).toEqual({
    code: 0,
    out: 'hello doctor --quick',
    err: BUILDING,
  })
  expect(existsSync(join(root, 'dist/room/word.test.js'))).toBe(false)
  expect(readFileSync(join(root, 'dist/room/locales/vi.json'), 'utf8')).toContain('xin chào')
})

it('says and does nothing when all is fresh', async () => {
  await node('scripts/build.js')
  expect(await node('scripts/build.js')).toEqual({ code: 0, out: '', err: '' })
})

it('rebuilds after an edit, a rename, a lost output, and forgets what has no source', async () => {
  await node('scripts/build.js')
  source('room/word.ts', "export const word: string = 'goodbye '\n")
  expect(await node('bin/paht.js', 'a')).toEqual({ code: 0, out: 'goodbye a', err: BUILDING })

  rmSync(join(root, 'src/room'), { recursive: true })
  source('other/word.ts', "export const word: string = 'moved '\n")
  source('main.ts', "import { word } from './other/word.ts'\nprocess.stdout.write(word)\n")
  expect(await node('bin/paht.js')).toEqual({ code: 0, out: 'moved ', err: BUILDING })
  expect(existsSync(join(root, 'dist/room'))).toBe(false)

  rmSync(join(root, 'dist/other/word.js'))
  expect(await node('bin/paht.js')).toEqual({ code: 0, out: 'moved ', err: BUILDING })
})

it('stops at code that does not compile, every time, until it does', async () => {
  source('room/word.ts', 'export const word: string = 1\n')
  for (const script of ['scripts/build.js', 'bin/paht.js']) {
    const { code, out, err } = await node(script)
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toContain("src/room/word.ts(1,14): error TS2322: Type 'number' is not assignable to type 'string'.")
  }
  source('room/word.ts', "export const word: string = 'mended '\n")
  expect(await node('bin/paht.js')).toEqual({ code: 0, out: 'mended ', err: BUILDING })
})

it('lets one of several processes build and all of them run', async () => {
  const runs = await Promise.all(['1', '2', '3'].map((argument) => node('bin/paht.js', argument)))
  expect(runs.map(({ code, out }) => ({ code, out }))).toEqual(
    ['1', '2', '3'].map((n) => ({ code: 0, out: `hello ${n}` })),
  )
  expect(runs.filter(({ err }) => err === BUILDING)).toHaveLength(1)
})

it('takes over the lock of a process that was killed while building', async () => {
  const dead = await node('-e', 'process.stdout.write(String(process.pid))')
  mkdirSync(join(root, 'dist'))
  writeFileSync(join(root, 'dist/.lock'), dead.out)
  expect(await node('bin/paht.js')).toEqual({ code: 0, out: 'hello ', err: BUILDING })
})

const BUILDING = 'Building dist/ …\n'

/**
 * @param {string} file
 * @param {string} text
 */
function source(file, text) {
  mkdirSync(join(root, 'src', file, '..'), { recursive: true })
  writeFileSync(join(root, 'src', file), text)
}

/**
 * @param {string[]} command
 * @returns {Promise<{ code: number | null, out: string, err: string }>}
 */
function node(...command) {
  return new Promise((done) => {
    const child = spawn(process.execPath, command, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    let out = ''
    let err = ''
    child.stdout.on('data', (data) => {
      out += data
    })
    child.stderr.on('data', (data) => {
      err += data
    })
    child.on('close', (code) => done({ code, out, err }))
  })
}
