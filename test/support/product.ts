import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from './free-port.ts'

/** The product as its users run it: a process of its own, from the built files. */
export interface Product {
  readonly url: string
  /** The staff token, where this start made the first one. */
  readonly token: string | undefined
  readonly process: ChildProcess
  /** Resolves when the process has ended, however. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
  /** As an operator stops it. */
  stop(): Promise<void>
  /** As a power cut does. */
  kill(): Promise<void>
}

export interface ProductOptions {
  readonly dataDir: string
  /** DATABASE_URL, PAHT_ROLES, PAHT_FAILPOINT … */
  readonly env?: Readonly<Record<string, string>>
  /** Where its standard output and error go; the file is appended to. */
  readonly logFile: string
  readonly port?: number
  /** Another build of the product: a broken variant. */
  readonly dist?: string
}

const READY_MS = 60_000
const WELCOME = /^PAHT Hub serves on port \d+/m
const DIST = join(import.meta.dirname, '../../dist')
/** As `npm start` has them. */
const FLAGS = /&& node (.*)dist\/main\.js/
  .exec(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'))![1]!
  .split(' ')
  .filter((flag) => flag !== '')

export async function startProduct({
  dataDir,
  env = {},
  logFile,
  port,
  dist = DIST,
}: ProductOptions): Promise<Product> {
  const chosen = port ?? (await freePort())
  const child = spawn(process.execPath, [...FLAGS, join(dist, 'main.js'), 'start'], {
    env: {
      ...bare(process.env),
      PAHT_DATA_DIR: dataDir,
      PORT: String(chosen),
      PUBLIC_URL: `http://127.0.0.1:${chosen}`,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const log = createWriteStream(logFile, { flags: 'a' })
  let said = ''
  const listen = (chunk: Buffer) => {
    log.write(chunk)
    if (said.length < 100_000) said += chunk.toString('utf8')
  }
  child.stdout.on('data', listen)
  child.stderr.on('data', listen)
  const ended = once(child, 'exit').then(([code, signal]) => {
    log.end()
    return { code: code as number | null, signal: signal as NodeJS.Signals | null }
  })
  const url = `http://127.0.0.1:${chosen}`
  const serves = !(env['PAHT_ROLES'] !== undefined && !env['PAHT_ROLES'].includes('web'))
  const gone = new AbortController()
  void ended.then(() => gone.abort())
  // The token is said after the port has opened, and with the welcome.
  const welcomed = () => WELCOME.test(said)
  if (serves && !(await ready(url, welcomed, gone.signal))) {
    child.kill('SIGKILL')
    throw new Error(`the product did not serve:\n${said}`)
  }
  return {
    url,
    token: /^ {4}(paht_[\w-]+)$/m.exec(said)?.[1],
    process: child,
    ended,
    stop: async () => {
      child.kill('SIGTERM')
      await ended
    },
    kill: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
}

export interface CommandDone {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** One command of `npx paht …`. */
export async function paht(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  dist = DIST,
): Promise<CommandDone> {
  const child = spawn(process.execPath, [join(dist, 'main.js'), ...args], {
    env: { ...bare(process.env), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)]
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stdout: stdout(), stderr: stderr() }
}

/** Nothing of the machine's own configuration reaches the product under test. */
function bare(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const {
    DATABASE_URL: _d,
    REDIS_URL: _r,
    PAHT_SECRET_KEY: _k,
    PAHT_ROLES: _o,
    PAHT_DATA_DIR: _f,
    PUBLIC_URL: _u,
    PORT: _p,
    ...rest
  } = env
  return rest
}

async function ready(url: string, welcomed: () => boolean, gone: AbortSignal): Promise<boolean> {
  const until = performance.now() + READY_MS
  while (!gone.aborted && performance.now() < until) {
    const answer = await fetch(`${url}/readyz`).catch(() => undefined)
    if (answer?.ok && welcomed()) return true
    await new Promise((later) => setTimeout(later, 50))
  }
  return false
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = []
  stream.on('data', (chunk: Buffer) => chunks.push(chunk))
  return () => Buffer.concat(chunks).toString('utf8')
}
