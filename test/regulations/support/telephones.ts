import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Hub } from './hub.ts'
import type { Telephones } from './province.ts'

const SOURCE = 'sms'
/** Of the province, as its carrier knows it. */
const SENDER = 'PAHT'

/** A carrier of text messages that speaks HTTP, with every telephone that it reaches; the province's source is switched on with it. */
export async function openTelephones(
  hub: Hub,
  { profile, settled }: { readonly profile: string; settled(): Promise<void> },
): Promise<Telephones> {
  const secrets = { hookSecret: randomBytes(24).toString('hex'), sendSecret: randomBytes(24).toString('hex') }
  const inboxes = new Map<string, string[]>()
  const carrier = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { from, to, text } = JSON.parse(Buffer.concat(chunks).toString()) as Readonly<Record<string, string>>
    const known = request.headers['authorization'] === `Bearer ${secrets.sendSecret}` && from === SENDER
    const taken = known && /^\+84\d{9}$/.test(to ?? '') && text !== ''
    if (taken) inboxes.set(to!, [...(inboxes.get(to!) ?? []), text!])
    response.writeHead(taken ? 200 : 403).end(JSON.stringify(taken ? { id: randomUUID() } : {}))
  })
  await new Promise<void>((listening) => carrier.listen(0, '127.0.0.1', listening))
  const source = {
    ...{ id: SOURCE, kind: 'sms', profile, name: 'Tin nhắn' },
    settings: {
      provider: 'gateway',
      ...secrets,
      hook: 'hmac-sha256',
      hookHeader: 'x-signature',
      fields: { id: 'id', from: 'from', text: 'text' },
      accents: true,
      maxSegments: 10,
      sending: {
        url: `http://127.0.0.1:${(carrier.address() as AddressInfo).port}/send`,
        headers: { 'content-type': 'application/json', authorization: 'Bearer {{secret}}' },
        body: `{"from":"${SENDER}","to":"{{to}}","text":"{{text}}"}`,
        id: 'id',
      },
      allow: ['127.0.0.0/8'],
    },
  }
  const turn = async (state: 'on' | 'off') => {
    await hub.apply({ links: [], agencies: [], sources: [{ ...source, state }] } as never)
    await settled()
  }
  await turn('on')
  return {
    write: async (from, text) => {
      const body = JSON.stringify({ id: randomUUID(), from, text })
      const signature = createHmac('sha256', secrets.hookSecret).update(body).digest('hex')
      const headers = { 'content-type': 'application/json', 'x-signature': signature }
      const { status } = await fetch(`${hub.url}/hooks/sources/${SOURCE}`, { method: 'POST', headers, body })
      if (status !== 200) throw new Error(`a text message was answered with ${status}`)
      await settled()
    },
    got: (telephone) => inboxes.get(telephone.replace(/^0/, '+84')) ?? [],
    off: async () => {
      await turn('off')
      carrier.closeAllConnections()
      await new Promise((closed) => carrier.close(closed))
    },
  }
}
