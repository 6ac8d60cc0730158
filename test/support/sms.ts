import type { Envelope, Item } from '../../src/channels/channel.ts'
import { channels } from '../../src/channels/list.ts'

const SMS = channels.find(({ kind }) => kind === 'sms')!

export const TWILIO = {
  provider: 'twilio',
  accountSid: `AC${'0a'.repeat(16)}`,
  authToken: 'not-a-real-auth-token',
  number: '+842873001022',
}

export function envelope(body: string | Buffer, contentType = 'application/x-www-form-urlencoded'): Envelope {
  return { event: 'e1', contentType, body: Buffer.from(body as string), files: [] }
}

/** The only item of what came. */
export async function readOne(body: string | Buffer, settings: object, contentType?: string): Promise<Item> {
  const items = await SMS.read(envelope(body, contentType), SMS.settings.parse(settings))
  if ('unreadable' in items) throw new Error(items.unreadable)
  if (items.length !== 1) throw new Error(`${items.length} items`)
  return items[0]!
}
