import { appendFileSync, existsSync, readFileSync, statSync } from 'node:fs'
import { type Product, type ProductOptions, startProduct } from './product.ts'
import { until } from './until.ts'

/** Where one process of the product runs, starts again and dies. */
export interface Machine {
  readonly name: string
  readonly url: string
  readonly logFile: string
  /** `name:n`: it will kill itself when it passes that crash point for the n-th time. Returns the staff token where this start made one. */
  up(failpoint?: string): Promise<string | undefined>
  /** As an operator does. */
  stop(): Promise<void>
  /** As a power cut does. */
  kill(): Promise<void>
  /** As a hypervisor does that moves or swaps the machine. */
  freeze(): void
  thaw(): void
  /** Resolves when the crash point that it was armed with has struck. */
  struck(): Promise<void>
  /** Ends that nobody asked for, each with the last lines of its log. */
  readonly collapses: readonly string[]
}

export interface MachineOptions {
  readonly name: string
  readonly dataDir: string
  readonly port: number
  readonly logFile: string
  readonly env: Readonly<Record<string, string>>
  readonly dist: string
}

/** A stack trace that begins in the command itself; of a deep one the beginning is cut off. */
const IN_ITS_START = /at async (start|run|startWork|openApp) \(.*\/(cli\/start|run|app)\.js/

export function machine({ name, dataDir, port, logFile, env, dist }: MachineOptions): Machine {
  const collapses: string[] = []
  const hitsFile = `${logFile}.hits`
  let running: Product | undefined
  let armed: string | undefined
  let wished = false
  let struckBefore = 0

  /** Undefined: the crash point struck before it served. */
  const started = async (options: ProductOptions): Promise<Product | undefined> => {
    try {
      return await startProduct(options)
    } catch (error) {
      if (hits(hitsFile).length > struckBefore) return undefined
      throw error
    }
  }
  const end = async (how: 'stop' | 'kill') => {
    wished = true
    await running?.[how]()
    running = undefined
  }
  const own: Machine = {
    name,
    url: `http://127.0.0.1:${port}`,
    logFile,
    collapses,
    up: async (failpoint) => {
      armed = failpoint
      wished = false
      struckBefore = hits(hitsFile).length
      const arms = failpoint === undefined ? {} : { PAHT_FAILPOINT: failpoint, PAHT_FAILPOINT_HITS: hitsFile }
      const from = existsSync(logFile) ? statSync(logFile).size : 0
      const product = await started({ dataDir, port, logFile, dist, env: { ...env, ...arms } })
      if (product === undefined) return undefined
      running = product
      void product.ended.then(async ({ code, signal }) => {
        if (wished || running !== product || hits(hitsFile).length > struckBefore) return
        const said = () => readFileSync(logFile).subarray(from).toString('utf8')
        // What it says last may come a moment after its end.
        const inItsStart = await until('its last words', () => IN_ITS_START.test(said()) || undefined, {
          deadlineMs: 1000,
        }).catch(() => false)
        // It started while the database was away: whoever looks after it starts it again.
        if (inItsStart) await own.up(failpoint)
        else collapses.push(`${name} ended by itself (${signal ?? code}): ${said().slice(-800)}`)
      })
      return product.token
    },
    stop: () => end('stop'),
    kill: () => end('kill'),
    freeze: () => void running?.process.kill('SIGSTOP'),
    thaw: () => void running?.process.kill('SIGCONT'),
    struck: async () => {
      const wanted = armed?.split(':')[0]
      await until(`${name} is struck at ${wanted}`, () => hits(hitsFile)[struckBefore] === wanted || undefined)
      await running?.ended
      appendFileSync(logFile, `-- struck at ${wanted}\n`)
    },
  }
  return own
}

function hits(file: string): string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : []
}
