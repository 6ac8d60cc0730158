import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Behaviour } from './behaviour.ts'
import type { Held, OwnEvent } from './store.ts'

export interface OfficeProcess {
  /** Where it takes deliveries. */
  readonly url: string
  /** Where it can be asked, with `{key}`. */
  readonly lookupUrl: string
  control(change: Partial<Behaviour>): Promise<Behaviour>
  ledger(): Promise<Held[]>
  count(): Promise<{ held: number; arrived: number }>
  updates(): Promise<(OwnEvent & { told: boolean })[]>
  /** As a power cut does it. What it holds is in its store: start it anew on the same file. */
  kill(): Promise<void>
}

/** Starts the office as a process of its own and waits until it listens. */
export async function startOffice(as: {
  readonly store: string
  readonly urlOfHub: string
  readonly link: string
  readonly secret: string
  readonly callbackSecret: string
  readonly port?: number
  readonly behaviour?: Partial<Behaviour>
}): Promise<OfficeProcess> {
  const flags = {
    '--port': String(as.port ?? 0),
    '--store': as.store,
    '--url-of-hub': as.urlOfHub,
    '--link': as.link,
    '--secret': as.secret,
    '--callback-secret': as.callbackSecret,
    '--behaviour': JSON.stringify(as.behaviour ?? {}),
  }
  const args = ['--import', 'tsx', join(import.meta.dirname, 'main.ts'), ...Object.entries(flags).flat()]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const ready = once(createInterface(child.stdout), 'line').then(([line]) => JSON.parse(line) as { port: number })
  const died = once(child, 'exit').then(([code]) =>
    Promise.reject(new Error(`the office ended with ${code} before it listened`)),
  )
  const { port } = await Promise.race([ready, died])

  const base = `http://127.0.0.1:${port}`
  const get = async <T>(path: string) => (await (await fetch(base + path)).json()) as T
  return {
    url: `${base}/deliveries`,
    lookupUrl: `${base}/deliveries/{key}`,
    control: async (change) => {
      const headers = { 'content-type': 'application/json' }
      const answer = await fetch(`${base}/control`, { method: 'POST', headers, body: JSON.stringify(change) })
      if (!answer.ok) throw new Error(await answer.text())
      return (await answer.json()) as Behaviour
    },
    ledger: () => get('/ledger'),
    count: () => get('/ledger/count'),
    updates: () => get('/updates'),
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    },
  }
}
