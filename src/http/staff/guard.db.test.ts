import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { routesOf } from '../../../test/support/routes.ts'
import { type TestServer, testServer } from '../../../test/support/server.ts'

/** What a stranger may ask; whatever else is served must be named here or behind the guard. */
const OPEN = [
  'GET /api/v1/public/reports',
  'GET /api/v1/public/reports.geojson',
  'GET /api/v1/reports',
  'GET /api/v1/reports/:code',
  'GET /files/:id',
  'GET /healthz',
  'GET /hooks/sources/:source',
  'GET /metrics',
  'GET /readyz',
  'POST /api/v1/oauth/token',
  'POST /api/v1/reports',
  'POST /api/v1/reports/:code/additions',
  'POST /api/v1/reports/:code/consents/:id',
  'POST /api/v1/reports/:code/rating',
  'POST /api/v1/reports/:code/verification',
  'POST /api/v1/session',
  'POST /hooks/links/:link',
  'POST /hooks/sources/:source',
]
const DOCS = /^GET \/docs(?:\/|$)/
/** Rooms with doors of their own, a client's key and an id that nobody guesses: what those open, the tests of the rooms say. */
const ROOMS = /^\w+ \/(?:open311\/v2|api\/v1\/reports\/large-files)(?:\/|$)/

let t: TestServer
beforeAll(async () => {
  t = await testServer()
})
afterAll(() => t.close())

const routes = () => routesOf(t.app)
const ofStaff = () =>
  routes().filter(
    (route) => !OPEN.includes(route.replace('HEAD ', 'GET ')) && !/^\w+ \/docs/.test(route) && !ROOMS.test(route),
  )

async function ask(route: string, headers: Readonly<Record<string, string>>): Promise<number> {
  const [method, url] = route.split(' ') as [string, string]
  // Not even what is wrong with a request is said to a stranger.
  const answer = await fetch(t.url + url.replace(/:\w+/g, 'no-id'), {
    method,
    headers: { ...headers, ...(method === 'POST' && { 'content-type': 'application/json' }) },
    ...(method === 'POST' && { body: '{"half":' }),
  })
  await answer.arrayBuffer()
  return answer.status
}

describe('the guard', () => {
  it('knows every route: those of strangers are these, and all others are staff’s, under /api/v1', () => {
    const open = routes().filter((route) => !/^(?:HEAD|OPTIONS) /.test(route))
    expect(
      open.filter((route) => !ofStaff().includes(route) && !DOCS.test(route) && !ROOMS.test(route)).sort(),
    ).toEqual(OPEN)
    expect(ofStaff().length).toBeGreaterThan(20)
    expect(ofStaff().filter((route) => !/^\w+ \/api\/v1\//.test(route))).toEqual([])
  })

  it.each<[string, () => Readonly<Record<string, string>>]>([
    ['no token', () => ({})],
    ['a token that was never given', () => ({ authorization: `Bearer paht_${'A'.repeat(32)}` })],
    ['a token with a letter more', () => ({ authorization: `${t.staff.authorization}A` })],
    ['a token cut short', () => ({ authorization: t.staff.authorization.slice(0, -1) })],
    ['a token as a password', () => ({ authorization: t.staff.authorization.replace('Bearer', 'Basic') })],
    ['a token in another header', () => ({ 'x-api-key': t.staff.authorization.slice(7) })],
    ['an endless token', () => ({ authorization: `Bearer ${'A'.repeat(5000)}` })],
    ['what SQL would end on', () => ({ authorization: "Bearer ' or true or '" })],
  ])('answers 401 at every route of staff, before it reads anything: %s', async (_, headers) => {
    // One after the other: sixty at once wait for the database's connections, which is another test's matter.
    for (const route of ofStaff()) expect([route, await ask(route, headers())]).toEqual([route, 401])
  })

  it('a stranger does not learn which pages there are', async () => {
    const to = (url: string, headers = {}) => fetch(t.url + url, { headers })
    expect((await to('/api/v1/no-such-page')).status).toBe(401)
    expect((await to('/api/v1/no-such-page', t.staff)).status).toBe(404)
    expect((await to('/no-such-page')).status).toBe(404)
  })

  it('lets the token of staff through', async () => {
    const answers: number[] = []
    for (const route of ofStaff()) answers.push(await ask(route, t.staff))
    expect(answers).not.toContain(401)
    expect(answers.filter((status) => status >= 500)).toEqual([])
  })
})
