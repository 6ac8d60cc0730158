import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { APP, applyApp, asApp, OTHER_APP, tokenOf } from '../../../test/support/apps.ts'
import { type TestServer, testServer } from '../../../test/support/server.ts'

const MINUTE = 60_000

let t: TestServer
beforeAll(async () => {
  t = await testServer()
  await applyApp(t, APP)
})
afterAll(() => t.close())

const GRANT = 'grant_type=client_credentials'
const KEY = `client_id=${APP.clientId}&client_secret=${APP.clientSecret}`
const basic = (id: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
})

async function ask(body: string, headers: Readonly<Record<string, string>> = {}) {
  const answer = await fetch(`${t.url}/api/v1/oauth/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body,
  })
  return {
    status: answer.status,
    body: (await answer.json()) as Readonly<Record<string, unknown>>,
    header: (name: string) => answer.headers.get(name),
  }
}

describe('client credentials (RFC 6749 §4.4)', () => {
  it.each<[string, string, Readonly<Record<string, string>>]>([
    ['in the form', `${GRANT}&${KEY}`, {}],
    ['by HTTP Basic', GRANT, basic(APP.clientId, APP.clientSecret)],
    [
      'by HTTP Basic, as a form writes them',
      GRANT,
      basic('dien%2Dbien%2Dsmart', APP.clientSecret.replaceAll('-', '%2D')),
    ],
    ['by HTTP Basic, the id beside it', `${GRANT}&client_id=${APP.clientId}`, basic(APP.clientId, APP.clientSecret)],
  ])('give a token for an hour that nobody may keep: %s', async (_, body, headers) => {
    const given = await ask(body, headers)
    expect(given.status).toBe(200)
    expect(given.body).toEqual({ access_token: expect.any(String), token_type: 'Bearer', expires_in: 3600 })
    expect([given.header('cache-control'), given.header('pragma')]).toEqual(['no-store', 'no-cache'])
    expect((await asApp(t, String(given.body['access_token']), '/reports?userId=u1')).status).toBe(200)
  })

  it.each<[string, number, string, string, Readonly<Record<string, string>>]>([
    [
      'another secret',
      401,
      'invalid_client',
      `${GRANT}&client_id=${APP.clientId}&client_secret=${OTHER_APP.clientSecret}`,
      {},
    ],
    ['another id', 401, 'invalid_client', `${GRANT}&client_id=x${APP.clientId}&client_secret=${APP.clientSecret}`, {}],
    ['a secret cut short', 401, 'invalid_client', `${GRANT}&${KEY.slice(0, -1)}`, {}],
    ['no secret', 401, 'invalid_client', `${GRANT}&client_id=${APP.clientId}`, {}],
    ['a wrong secret by Basic', 401, 'invalid_client', GRANT, basic(APP.clientId, 'wrong')],
    ['what is no Basic', 401, 'invalid_client', GRANT, { authorization: 'Basic !' }],
    ['Basic that no form would write', 401, 'invalid_client', GRANT, basic(APP.clientId, '%E0%A4%A')],
    ['no grant', 400, 'invalid_request', KEY, {}],
    ['another grant', 400, 'unsupported_grant_type', `grant_type=password&username=a&password=b&${KEY}`, {}],
    ['a parameter twice', 400, 'invalid_request', `${GRANT}&${GRANT}&${KEY}`, {}],
    ['credentials in two ways', 400, 'invalid_request', `${GRANT}&${KEY}`, basic(APP.clientId, APP.clientSecret)],
    ['JSON', 400, 'invalid_request', '{"grant_type":"client_credentials"}', { 'content-type': 'application/json' }],
  ])('%s: %s %s', async (_, status, error, body, headers) => {
    const refused = await ask(body, headers)
    expect([refused.status, refused.body['error']]).toEqual([status, error])
    expect(refused.header('cache-control')).toBe('no-store')
    // The scheme by which it tried is named, and no other.
    const named = status === 401 && headers['authorization'] !== undefined ? 'Basic realm="paht"' : null
    expect(refused.header('www-authenticate')).toBe(named)
  })

  it('no more tries in a minute from one address than an app has servers', async () => {
    const many = await Promise.all(Array.from({ length: 61 }, () => ask(`${GRANT}&client_id=x&client_secret=y`)))
    const refused = many.filter(({ status }) => status === 429)
    expect(refused.length).toBeGreaterThan(0)
    expect(refused[0]!.header('retry-after')).toBe('60')
    t.clock.move(MINUTE)
    expect((await ask(`${GRANT}&${KEY}`)).status).toBe(200)
  })
})

describe('a token', () => {
  const use = async (token: string) => (await asApp(t, token, '/reports?userId=u1')).status
  const later = () => t.clock.move(5001) // sources are held for five seconds

  it('ends after an hour', async () => {
    const token = await tokenOf(t, APP)
    t.clock.move(59 * MINUTE)
    expect(await use(token)).toBe(200)
    t.clock.move(MINUTE)
    const { status, headers } = await asApp(t, token, '/reports?userId=u1')
    expect([status, headers.get('www-authenticate')]).toEqual([401, 'Bearer error="invalid_token"'])
  })

  it('that somebody made longer, or for another, is none', async () => {
    const token = await tokenOf(t, APP)
    const [, until, proof] = token.split('_')
    const longer = (Number.parseInt(until!, 36) + 1).toString(36)
    for (const made of [
      `app_${longer}_${proof}`,
      `app_${until}_${'A'.repeat(22)}`,
      token.slice(0, -1),
      `${token}A`,
      'app__',
    ])
      expect(await use(made)).toBe(401)
  })

  it('ends with the secret it was given for, and while its source is off', async () => {
    const token = await tokenOf(t, APP)
    await applyApp(t, { ...APP, clientSecret: OTHER_APP.clientSecret })
    later()
    expect(await use(token)).toBe(401)
    await applyApp(t, APP)
    later()
    expect(await use(token)).toBe(200)
    await applyApp(t, { ...APP, state: 'off' })
    later()
    expect(await use(token)).toBe(401)
    await applyApp(t, APP)
    later()
  })

  it('opens nothing of staff’s, and theirs nothing of an app’s', async () => {
    expect((await asApp(t, await tokenOf(t, APP), '/cases')).status).toBe(401)
    expect(await use(t.staff.authorization.slice('Bearer '.length))).toBe(401)
    expect((await asApp(t, undefined, '/reports?userId=u1')).status).toBe(401)
  })
})
