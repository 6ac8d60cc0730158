import { randomBytes } from 'node:crypto'
import type { GraphProcess } from '../support/graph/process.ts'
import type { TwilioProcess } from '../support/twilio/process.ts'

/** The province's page at Meta, its number at Twilio, its call centre: who they are, and the secrets that they share with the product. */
export interface Accounts {
  readonly page: { readonly page: string; readonly token: string; readonly appSecret: string }
  readonly number: {
    readonly accountSid: string
    readonly authToken: string
    readonly number: string
    readonly service: string
  }
  readonly calls: { readonly secret: string }
}

export function newAccounts(): Accounts {
  return {
    page: { page: '682498302938465', token: newSecret(), appSecret: newSecret() },
    number: {
      accountSid: `AC${randomBytes(16).toString('hex')}`,
      authToken: newSecret(),
      number: '+842153000000',
      service: `MG${randomBytes(16).toString('hex')}`,
    },
    calls: { secret: newSecret() },
  }
}

const newSecret = (): string => randomBytes(24).toString('base64url')

/** Where the product is told of what came by a source. */
export function hookOf(url: string, source: 'facebook' | 'sms' | 'hotline'): string {
  return `${url}/hooks/sources/${source}`
}

interface Networks {
  readonly accounts: Accounts
  readonly graph: Pick<GraphProcess, 'url'>
  readonly twilio: Pick<TwilioProcess, 'url'>
}

const ALLOW = ['127.0.0.0/8']

/** As IT writes them down. */
export function sourcesOf({ accounts: { page, number, calls }, graph, twilio }: Networks): readonly object[] {
  const { page: pageId, token: pageToken, appSecret } = page
  const { service: _, ...account } = number
  const common = { profile: 'dien-bien' }
  return [
    {
      ...{ ...common, id: 'facebook', kind: 'facebook', name: 'Trang Facebook của tỉnh' },
      settings: { pageId, pageToken, appSecret, verifyToken: newSecret(), graphUrl: graph.url, allow: ALLOW },
    },
    {
      ...{ ...common, id: 'sms', kind: 'sms', name: 'Tin nhắn' },
      settings: { provider: 'twilio', ...account, apiUrl: twilio.url, allow: ALLOW },
    },
    { ...{ ...common, id: 'hotline', kind: 'hotline', name: 'Đường dây nóng' }, settings: calls },
  ]
}
