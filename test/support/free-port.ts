import { once } from 'node:events'
import { createServer } from 'node:net'

/** Below the range from which a connection takes its own port (ip(7), from 32768): a server that is killed finds its port free when it starts again. */
const FROM = 20_000
const TO = 32_000

const given = new Set<number>()

/** A port that was free a moment ago, on the loopback address; nobody in this process gets it twice. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FROM + Math.floor(Math.random() * (TO - FROM))
    if (given.has(port) || !(await isFree(port))) continue
    given.add(port)
    return port
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  try {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return false
    throw error
  } finally {
    server.close()
  }
}
