import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { stringify } from 'yaml'
import { type ExchangeProcess, startExchange } from '../support/exchange/process.ts'
import { freePort } from '../support/free-port.ts'
import { type GraphProcess, startGraph } from '../support/graph/process.ts'
import { type MailWorld, openMailWorld } from '../support/mail/world.ts'
import { type Product, paht, startProduct } from '../support/product.ts'
import { startTwilio, type TwilioProcess } from '../support/twilio/process.ts'
import { until } from '../support/until.ts'
import { link, mailbox, ORGAN } from './config.ts'
import { type Inboxes, openInboxes } from './letters.ts'
import { type Accounts, hookOf, newAccounts, sourcesOf } from './networks.ts'
import { hurriedProfile } from './profile.ts'
import { OFFICE_ANSWER } from './report.ts'

/** The product, a world of mail, Meta, Twilio, and the province's exchange with its offices: processes of their own, on folders that go with them. */
export interface Stage {
  readonly url: string
  /** Of staff. */
  readonly token: string
  readonly world: MailWorld
  readonly inboxes: Inboxes
  readonly graph: GraphProcess
  readonly twilio: TwilioProcess
  readonly accounts: Accounts
  readonly exchange: ExchangeProcess
  /** As IT does: `paht config apply`. */
  apply(what: { readonly sources?: true; readonly offices?: readonly string[] }): Promise<void>
  /** From here on the offices do a step every moment. */
  hurryOffices(): Promise<void>
}

export interface Backstage {
  /** Ends every process and removes the folder; may be called at any time, also when nothing has begun. */
  close(): Promise<void>
  /** The last of what the product logged, from warnings up; none where all went well. */
  complaints(): Promise<string[]>
}

type Closer = () => Promise<unknown>

/** A product that does not stop by itself in this time is ended. */
const STOP_MS = 5000
/** Ctrl-C at a terminal reaches the product as well; asked a second time it would drop its work. */
const OWN_END_MS = 1500
const MOST_COMPLAINTS = 20

/** Longer than the product waits before it looks up what became of a document (10 s ± 20 %): else the office's word comes first. */
const FIRST_STEP_MS = 14_000
const STEP_MS = 150

/** Opens the stage; `closers` fills while it does, so that a failure half way leaves nothing behind. */
async function open(folder: string, closers: Closer[], stop: AbortSignal): Promise<Stage> {
  async function begun<T>(starting: Promise<T>, close: (one: T) => Promise<unknown>): Promise<T> {
    const one = await starting
    closers.push(() => close(one))
    return one
  }
  const dataDir = join(folder, 'data')
  const secret = randomBytes(24).toString('base64url')
  const behaviour = { stepMs: FIRST_STEP_MS, answerText: OFFICE_ANSWER, loseReplies: { nth: 1 } }
  const store = join(folder, 'exchange.jsonl')
  const accounts = newAccounts()
  const port = await freePort()
  const hookUrl = hookOf(`http://127.0.0.1:${port}`, 'facebook')
  const opening = [
    begun(startProduct({ dataDir, port, env: { LOG_LEVEL: 'warn' }, logFile: logIn(folder) }), (one) =>
      stopProduct(one, stop.aborted),
    ),
    begun(openMailWorld(), (one) => one.close()),
    begun(startExchange({ store, organ: ORGAN, systemId: ORGAN, secret, behaviour }), (one) => one.kill()),
    begun(startGraph({ ...accounts.page, hookUrl }), (one) => one.kill()),
    begun(startTwilio(accounts.number), (one) => one.kill()),
  ] as const
  // One that fails must not leave behind what the others have yet to start.
  await Promise.allSettled(opening)
  const [{ url }, world, exchange, graph, twilio] = await Promise.all(opening)
  stop.throwIfAborted()
  const token = await until('the product says its staff token', () => tokenIn(folder))
  const apply: Stage['apply'] = async (what) => {
    const file = join(folder, 'config.yaml')
    const sources = what.sources && {
      profile: await hurriedProfile(),
      sources: [mailbox(world), ...sourcesOf({ accounts, graph, twilio })],
    }
    const links = what.offices === undefined ? [] : [link({ exchange, secret, serves: what.offices })]
    await writeFile(file, stringify({ ...sources, links }, { aliasDuplicateObjects: false }))
    const { code, stderr } = await paht(['config', 'apply', file], { PAHT_DATA_DIR: dataDir })
    if (code !== 0) throw new Error(`paht config apply ended with ${code}: ${stderr.trim()}`)
  }
  const hurryOffices = async () => void (await exchange.control({ stepMs: STEP_MS }))
  return { url, token, world, inboxes: openInboxes(world), graph, twilio, accounts, exchange, apply, hurryOffices }
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

/** It is shown last, a moment after the product serves. */
async function tokenIn(folder: string): Promise<string | undefined> {
  return /^ {4}(paht_[\w-]+)$/m.exec(await readFile(logIn(folder), 'utf8'))?.[1]
}

const logIn = (folder: string): string => join(folder, 'product.log')

async function stopProduct(product: Product, interrupted: boolean): Promise<void> {
  const endsItself = interrupted && (await Promise.race([product.ended, wait(OWN_END_MS)])) !== undefined
  if (endsItself) return
  const ended = await Promise.race([product.stop().then(() => true), wait(STOP_MS, false, { ref: false })])
  if (!ended) await product.kill()
}
