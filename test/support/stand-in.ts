import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** A server of ours in a process of its own, in the place of one that cannot be reached. */
export interface StandIn {
  readonly url: string
  /** As a power cut does it. What it holds is in its store, where it has one: start it anew on the same file. */
  kill(): Promise<void>
}

/** Starts the `main.ts` of a folder beside this one, and waits until it says, as a line of JSON, on which port it listens. */
export async function startStandIn(folder: string, flags: Readonly<Record<string, string>>): Promise<StandIn> {
  const main = join(import.meta.dirname, folder, 'main.ts')
  // As one word each: a number begins with a plus, a secret may with a dash.
  const words = Object.entries(flags).map(([name, value]) => `--${name}=${value}`)
  const child = spawn(process.execPath, ['--import', 'tsx', main, ...words], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ready = once(createInterface(child.stdout), 'line').then(([line]) => JSON.parse(line) as { port: number })
  const died = once(child, 'exit').then(([code]) =>
    Promise.reject(new Error(`${folder} ended with ${code} before it listened`)),
  )
  const { port } = await Promise.race([ready, died])
  return {
    url: `http://127.0.0.1:${port}`,
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    },
  }
}
