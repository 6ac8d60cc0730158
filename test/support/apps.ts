import { isFault } from '../../src/core/fault.ts'
import { applyConfig } from '../../src/core/settings/apply.ts'
import { ConfigFile } from '../../src/core/settings/config-file.ts'
import type { TestServer } from './server.ts'

/** Made up; of an app that sends for the people of a province. */
export const APP = { clientId: 'dien-bien-smart', clientSecret: 'not-a-real-secret-of-an-app-000001' }
export const OTHER_APP = { clientId: 'another-app', clientSecret: 'not-a-real-secret-of-an-app-000002' }

/** An app as a source of its own. Its id comes before `portal`, so that a form would take it if it took the first. */
export async function applyApp(
  { ports }: Pick<TestServer, 'ports'>,
  { id = 'app', state = 'on', profile = 'dien-bien', ...settings }: Readonly<Record<string, unknown>>,
): Promise<void> {
  const source = { id, kind: 'portal', profile, name: 'Điện Biên Smart', state, settings }
  const applied = await applyConfig(ports, 'system', { config: ConfigFile.parse({ sources: [source] }) })
  if (isFault(applied)) throw new Error(applied.message)
}

export interface Asked {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: what the contract says is checked by its schema on the way out
  readonly body: any
  readonly headers: Headers
}

/** As an app's server asks. */
export async function asApp(
  { url }: Pick<TestServer, 'url'>,
  token: string | undefined,
  path: string,
  send?: object | FormData,
): Promise<Asked> {
  const isForm = send instanceof FormData
  const answer = await fetch(`${url}/api/v1${path}`, {
    method: send === undefined ? 'GET' : 'POST',
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(send !== undefined && !isForm && { 'content-type': 'application/json' }),
    },
    ...(send !== undefined && { body: isForm ? send : JSON.stringify(send) }),
  })
  return { status: answer.status, body: await answer.json(), headers: answer.headers }
}

export async function tokenOf({ url }: Pick<TestServer, 'url'>, app: typeof APP): Promise<string> {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: app.clientId,
    client_secret: app.clientSecret,
  })
  const answer = await fetch(`${url}/api/v1/oauth/token`, { method: 'POST', body: form })
  return ((await answer.json()) as { access_token: string }).access_token
}
