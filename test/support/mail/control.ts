import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import { type Behaviour, Change } from './behaviour.ts'
import type { Hoodiecrow } from './hoodiecrow.ts'
import { FOLDERS, type Folder, type Mailbox } from './mailbox.ts'
import type { OfImap, Received } from './process.ts'
import type { SmtpSide } from './smtp.ts'

interface Parts {
  readonly smtp: SmtpSide
  readonly behaviour: Behaviour
  readonly ledger: string
  readonly mailbox: Mailbox
  readonly imap: Hoodiecrow | undefined
}

/** Where the process is told how to behave and asked what it holds. Says its port. */
export async function openControl(parts: Parts): Promise<number> {
  let { behaviour } = parts
  const routes: Record<string, (body: Buffer, query: URLSearchParams) => unknown> = {
    'POST /control': (body) => {
      behaviour = { ...behaviour, ...Change.parse(JSON.parse(body.toString())) } as Behaviour
      parts.smtp.behave(behaviour)
      return behaviour
    },
    'GET /ledger': (_body, query) => received(parts.ledger, query.get('to')),
    'GET /mailbox': (_body, query) => parts.mailbox.look(folderIn(query)),
    'POST /deliver': (body, query) => parts.mailbox.deliver(body, folderIn(query)),
    ...(parts.imap === undefined ? {} : routesOf(parts.imap)),
  }
  const answer = async (request: IncomingMessage) => {
    const url = new URL(request.url ?? '', 'http://127.0.0.1')
    const route = routes[`${request.method} ${url.pathname}`]
    if (route === undefined) throw new Error(`unknown: ${request.method} ${url.pathname}`)
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    return (await route(Buffer.concat(chunks), url.searchParams)) ?? null
  }

  const server = createServer((request, response) => {
    answer(request).then(
      (found) => response.setHeader('content-type', 'application/json').end(JSON.stringify(found)),
      (error: unknown) => response.writeHead(400).end(String(error)),
    )
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as { port: number }).port
}

function routesOf(imap: Hoodiecrow): Record<`POST /imap/${OfImap}`, () => unknown> {
  return {
    'POST /imap/kill': imap.kill,
    'POST /imap/start': imap.start,
    'POST /imap/new-uid-validity': imap.newUidValidity,
  }
}

function folderIn(query: URLSearchParams): Folder {
  const folder = FOLDERS.find((one) => one === query.get('folder'))
  if (folder === undefined) throw new Error(`no such folder: ${query.get('folder')}`)
  return folder
}

function received(ledger: string, to: string | null): Received[] {
  const mails = readFileSync(ledger, { encoding: 'utf8', flag: 'a+' })
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Received)
  return mails
    .filter((mail) => to === null || mail.to.toLowerCase() === to.toLowerCase())
    .map((mail) => ({ ...mail, raw: Buffer.from(mail.raw, 'latin1').toString('utf8') }))
}
