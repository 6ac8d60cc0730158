import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { stringify } from 'yaml'
import { type OfficeProcess, startOffice } from '../support/office/process.ts'
import { type Product, paht, startProduct } from '../support/product.ts'
import { OFFICE_ANSWER } from './reports.ts'

/** The product and the office's software, each a process of its own, on a folder that goes with them. */
export interface Stage {
  readonly url: string
  /** Of staff. */
  readonly token: string
  readonly office: OfficeProcess
  /** Makes the tie between the two, as IT does: `paht config apply`. */
  applyLink(): Promise<void>
}

export interface Backstage {
  /** Ends every process and removes the folder; may be called at any time, also when nothing has begun. */
  close(): Promise<void>
  /** The last of what the product logged, from warnings up; none where all went well. */
  complaints(): Promise<string[]>
}

type Closer = () => Promise<unknown>

const LINK = 'office'
/** A product that does not stop by itself in this time is ended. */
const STOP_MS = 5000
/** Ctrl-C at a terminal reaches the product as well; asked a second time it would drop its work. */
const OWN_END_MS = 1500
const MOST_COMPLAINTS = 20

/** Opens the stage; `closers` fills while it does, so that a failure half way leaves nothing behind. */
async function open(folder: string, closers: Closer[], stop: AbortSignal): Promise<Stage> {
  const dataDir = join(folder, 'data')
  const product = await startProduct({ dataDir, env: { LOG_LEVEL: 'warn' }, logFile: logIn(folder) })
  closers.push(() => stopProduct(product, stop.aborted))
  stop.throwIfAborted()
  if (product.token === undefined) throw new Error('the product did not say its staff token')
  const [secret, callbackSecret] = [newSecret(), newSecret()]
  const office = await startOffice({
    store: join(folder, 'office.jsonl'),
    urlOfHub: product.url,
    link: LINK,
    secret,
    callbackSecret,
    // The first delivery to arrive is a case, never an addition: what the office says about it tells soon that it has it.
    behaviour: { answers: true, answerText: OFFICE_ANSWER, loseReplies: { nth: 1 } },
  })
  closers.push(() => office.kill())
  stop.throwIfAborted()

  const applyLink = async () => {
    const file = join(folder, 'link.yaml')
    const settings = { url: office.url, lookupUrl: office.lookupUrl, secret, callbackSecret, allow: ['127.0.0.0/8'] }
    const link = { id: LINK, kind: 'webhook', name: 'Phần mềm của UBND các xã, phường', serves: ['*'], settings }
    await writeFile(file, stringify({ links: [link] }))
    const { code, stderr } = await paht(['config', 'apply', file], { PAHT_DATA_DIR: dataDir })
    if (code !== 0) throw new Error(`paht config apply ended with ${code}: ${stderr.trim()}`)
  }
  return { url: product.url, token: product.token, office, applyLink }
}

export async function openStage(stop: AbortSignal): Promise<{ readonly opening: Promise<Stage> } & Backstage> {
  const folder = await mkdtemp(join(tmpdir(), 'paht-demo-'))
  const closers: Closer[] = []
  return {
    opening: open(folder, closers, stop),
    close: async () => {
      await Promise.allSettled(closers.toReversed().map((close) => close()))
      // A server that is just ending may still be writing.
      await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
    },
    complaints: async () => {
      const log = await readFile(logIn(folder), 'utf8')
      return log
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .slice(-MOST_COMPLAINTS)
    },
  }
}

const logIn = (folder: string): string => join(folder, 'product.log')

/** Standard Webhooks: Base64 of 24 to 64 random bytes. */
const newSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`

async function stopProduct(product: Product, interrupted: boolean): Promise<void> {
  const endsItself = interrupted && (await Promise.race([product.ended, wait(OWN_END_MS)])) !== undefined
  if (endsItself) return
  const ended = await Promise.race([product.stop().then(() => true), wait(STOP_MS, false, { ref: false })])
  if (!ended) await product.kill()
}
