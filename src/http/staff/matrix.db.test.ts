import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { citizens } from '../../../test/support/citizens.ts'
import { type SignedInOfficer, signedInAs } from '../../../test/support/people.ts'
import { routesOf } from '../../../test/support/routes.ts'
import { type TestServer, testServer } from '../../../test/support/server.ts'
import { COMMAND_LINE } from '../../core/people/officer.ts'
import { makeToken } from '../../core/people/tokens.ts'
import { agencies, securityLog } from '../../core/tables/index.ts'
import { ROLES, type Role } from '../../core/words.ts'

/**
 * What each role may, written by hand and not computed: whoever changes a right changes it here too. `+` may; `-` 403; `o` only where their agency
 * has a share, another agency's is 404 or missing from the list.
 */
const EXPECTED = `
                                           operator triage agency leader it auditor
GET    /api/v1/agencies                    +        +      +      +      +  +
POST   /api/v1/assignments/:id/accept      -        +      o      o      -  -
POST   /api/v1/assignments/:id/approve     -        +      -      o      -  -
POST   /api/v1/assignments/:id/ask-identity -        +      o      o      -  -
POST   /api/v1/assignments/:id/coordinate  -        +      o      o      -  -
POST   /api/v1/assignments/:id/forward     -        +      o      o      -  -
POST   /api/v1/assignments/:id/interim     -        +      o      o      -  -
POST   /api/v1/assignments/:id/reach       -        +      o      o      -  -
POST   /api/v1/assignments/:id/result      -        +      o      o      -  -
POST   /api/v1/assignments/:id/return      -        +      o      o      -  -
POST   /api/v1/assignments/:id/send-back   -        +      -      o      -  -
POST   /api/v1/calls                       +        +      -      -      -  -
GET    /api/v1/cases                       +        +      o      o      -  +
GET    /api/v1/cases/:id                   +        +      o      o      -  +
POST   /api/v1/cases/:id/answer            -        +      -      -      -  -
POST   /api/v1/cases/:id/ask               -        +      o      o      -  -
POST   /api/v1/cases/:id/assign            -        +      -      -      -  -
POST   /api/v1/cases/:id/close             -        +      -      -      -  -
POST   /api/v1/cases/:id/correct           -        +      -      -      -  -
POST   /api/v1/cases/:id/escalate          -        +      -      o      -  -
POST   /api/v1/cases/:id/hide              -        +      o      o      -  -
POST   /api/v1/cases/:id/note              +        +      o      o      -  -
POST   /api/v1/cases/:id/refuse            -        +      o      o      -  -
POST   /api/v1/cases/:id/reopen            -        +      -      -      -  -
POST   /api/v1/cases/:id/reply             -        +      -      -      -  -
POST   /api/v1/cases/:id/show              -        +      -      -      -  -
POST   /api/v1/cases/:id/tell-apart        -        +      -      -      -  -
POST   /api/v1/consents/:id/answer         -        +      -      -      -  -
GET    /api/v1/deliveries                  -        +      -      -      +  +
GET    /api/v1/deliveries/:id              -        +      -      -      +  +
POST   /api/v1/deliveries/:id/by-telephone +        +      -      -      -  -
POST   /api/v1/deliveries/:id/give-up      -        +      -      -      -  -
POST   /api/v1/deliveries/:id/replay       -        +      -      -      +  -
POST   /api/v1/duty/:profile               -        +      -      -      -  -
POST   /api/v1/held/release                -        +      -      -      -  -
GET    /api/v1/links                       -        +      -      -      +  +
POST   /api/v1/links/:id/pause             -        -      -      -      +  -
POST   /api/v1/links/:id/resume            -        -      -      -      +  -
GET    /api/v1/notices                     +        +      -      -      +  +
GET    /api/v1/officer-notices             +        +      +      +      +  +
POST   /api/v1/officer-notices/:id/read    +        +      +      +      +  +
GET    /api/v1/quarantine                  +        +      -      -      +  +
POST   /api/v1/quarantine/:id/take-in      -        +      -      -      -  -
POST   /api/v1/reporters/:id/disclose      -        +      -      -      -  -
POST   /api/v1/reporters/:id/reveal          -        +      o      o      -  -
POST   /api/v1/reporters/:id/verified        -        +      -      -      -  -
GET    /api/v1/rings                       +        +      -      -      -  -
POST   /api/v1/rings/:id/take              +        +      -      -      -  -
GET    /api/v1/security-log                -        -      -      -      +  +
DELETE /api/v1/session                     +        +      +      +      +  +
GET    /api/v1/session                     +        +      +      +      +  +
POST   /api/v1/session/code                +        +      +      +      +  +
POST   /api/v1/session/password            +        +      +      +      +  +
POST   /api/v1/session/totp                +        +      +      +      +  +
POST   /api/v1/session/totp/confirm        +        +      +      +      +  +
POST   /api/v1/session/unlock              +        +      +      +      +  +
GET    /api/v1/sources                     -        +      -      -      +  +
GET    /api/v1/sources/:id/preview         -        +      -      -      +  +
GET    /api/v1/submissions                 +        +      o      o      -  +
POST   /api/v1/tasks/:id/replay            -        -      -      -      +  -
GET    /api/v1/tasks/dead                  -        -      -      -      +  +
GET    /api/v1/tokens                      -        -      -      -      +  +
POST   /api/v1/tokens                      -        -      -      -      +  -
POST   /api/v1/tokens/:id/end              -        -      -      -      +  -
GET    /api/v1/updates                     -        +      -      -      +  +
POST   /api/v1/uploads                     -        +      +      +      -  -
GET    /api/v1/users                       -        -      -      -      +  +
POST   /api/v1/users                       -        -      -      -      +  -
POST   /api/v1/users/:id/disable           -        -      -      -      +  -
POST   /api/v1/users/:id/enable            -        -      -      -      +  -
POST   /api/v1/users/:id/reset             -        -      -      -      +  -
POST   /api/v1/users/:id/roles             -        -      -      -      +  -
POST   /api/v1/users/:id/unlock            -        -      -      -      +  -
`
type May = '+' | '-' | 'o'
const TABLE = EXPECTED.trim()
  .split('\n')
  .slice(1)
  .map((line) => {
    const [method, url, ...cells] = line.split(/\s+/)
    return { route: `${method} ${url}`, cells: cells as May[] }
  })

/** What is asked where a share decides: a body that is taken. */
const SEEN = { version: 0, why: 'to see who may', text: 'to see who may' }
const BODIES: Readonly<Record<string, object>> = {
  'POST /api/v1/reporters/:id/reveal': { why: 'to ask where it is' },
  'POST /api/v1/cases/:id/hide': { ...SEEN, ground: 'abusive', why: 'none' },
  'POST /api/v1/cases/:id/refuse': { ...SEEN, reason: 'none', guidance: 'none' },
  'POST /api/v1/assignments/:id/forward': { ...SEEN, agencyId: 'none' },
  'POST /api/v1/assignments/:id/coordinate': { ...SEEN, agencyId: 'none', question: 'none' },
  'POST /api/v1/assignments/:id/reach': { ...SEEN, step: 'safe' },
  'POST /api/v1/assignments/:id/ask-identity': { ...SEEN, purpose: 'none' },
  'POST /api/v1/consents/:id/answer': { yes: true },
  'POST /api/v1/reporters/:id/verified': { kind: 'email', how: 'call-back' },
}
const NOBODY = '00000000-0000-7000-8000-000000000000'
const HEADER = EXPECTED.trim().split('\n')[0]!.trim().split(/\s+/)
const OPEN = [
  'PATCH /api/v1/reports/large-files/:id',
  'POST /api/v1/reports/large-files',
  'GET /api/v1/public/reports',
  'GET /api/v1/public/reports.geojson',
  'GET /api/v1/reports',
  'GET /api/v1/reports/:code',
  'POST /api/v1/oauth/token',
  'POST /api/v1/reports',
  'POST /api/v1/reports/:code/additions',
  'POST /api/v1/reports/:code/consents/:id',
  'POST /api/v1/reports/:code/rating',
  'POST /api/v1/reports/:code/verification',
  'POST /api/v1/session',
]

interface Matter {
  readonly caseId: string
  readonly reportId: string
  readonly agencyId: string
  readonly assignmentId: string
}

let t: TestServer
let own: Matter
let other: Matter
const officers = new Map<Role, SignedInOfficer>()
beforeAll(async () => {
  t = await testServer()
  own = await matter()
  other = await matter(own)
  for (const role of ROLES) officers.set(role, await signedInAs(t.ports, [role], [own.agencyId]))
})
afterAll(() => t.close())

const people = citizens(7)

async function staff(path: string, body?: object) {
  const answer = await fetch(`${t.url}/api/v1${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { ...t.staff, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  // biome-ignore lint/suspicious/noExplicitAny: only to set the scene
  return (await answer.json()) as any
}

/** A case of its own, with another agency than `than` has. */
async function matter(than?: Matter): Promise<Matter> {
  const sent = { ...people.next().value, lat: undefined, lng: undefined }
  const { code } = await staff('/reports', sent)
  await t.work()
  const [{ id, version }] = (await staff(`/cases?code=${code}`)).items
  const all = await t.ports.db.select().from(agencies).orderBy(agencies.id)
  const agencyId = all.find((agency) => agency.id !== than?.agencyId)!.id
  expect(await staff(`/cases/${id}/assign`, { agencyId, version })).toMatchObject({ status: 'dispatching' })
  const seen = await staff(`/cases/${id}`)
  return { caseId: id, reportId: seen.reports[0].id, agencyId, assignmentId: seen.assignments[0].id }
}

function address(url: string, { caseId, reportId, assignmentId }: Matter): string {
  const [, , , of = ''] = url.split('/')
  const ids: Readonly<Record<string, string>> = { cases: caseId, reporters: reportId, assignments: assignmentId }
  return url.replace(':id', ids[of] ?? NOBODY)
}

async function ask(route: string, headers: Readonly<Record<string, string>>, of: Matter) {
  const [method, url] = route.split(' ') as [string, string]
  const sends = method === 'POST'
  const answer = await fetch(t.url + address(url, of), {
    method,
    headers: { ...headers, ...(sends && { 'content-type': 'application/json' }) },
    ...(sends && { body: JSON.stringify(BODIES[route] ?? SEEN) }),
  })
  const text = await answer.text()
  const problem = /urn:paht:problem:([\w-]+)/.exec(text)?.[1]
  return { status: answer.status, problem, text }
}

/** `+`, `-` or `o` as it is. */
async function found(route: string, role: Role): Promise<string> {
  // What ends a session is asked by one that is not needed any more.
  const asks = route.startsWith('DELETE') ? await signedInAs(t.ports, [role], [own.agencyId]) : officers.get(role)!
  const mine = await ask(route, asks.headers, own)
  if (mine.problem === 'forbidden') return mine.status === 403 ? '-' : `${mine.status}`
  if (mine.status === 401 || mine.status >= 500) return `${mine.status} ${mine.problem}`
  const theirs = await ask(route, asks.headers, other)
  const mentions = (text: string, { caseId, reportId }: Matter) => text.includes(caseId) || text.includes(reportId)
  if (mentions(mine.text, own) && !mentions(mine.text, other) && !route.includes(':id')) return 'o'
  if (route.includes(':id') && mine.status !== 404 && theirs.status === 404) return 'o'
  return '+'
}

describe('what each role may', () => {
  it('is written down for every route of staff that the server says it serves', () => {
    const served = routesOf(t.app).filter(
      (route) => / \/api\/v1\//.test(route) && !/^(?:HEAD|OPTIONS) /.test(route) && !OPEN.includes(route),
    )
    expect(TABLE.map(({ route }) => route).sort()).toEqual(served.sort())
    expect(HEADER).toEqual(ROLES)
    for (const { cells } of TABLE) expect(cells).toHaveLength(ROLES.length)
  })

  it.each(TABLE)('$route', async ({ route, cells }) => {
    const seen: string[] = []
    for (const role of ROLES) seen.push(await found(route, role))
    expect(seen).toEqual(cells)
  })

  it('is asked before anything of the request is read, and each refusal is in the security log', async () => {
    const { headers, actor } = officers.get('auditor')!
    const broken = await fetch(`${t.url}/api/v1/users`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: '{"half":',
    })
    expect(broken.status).toBe(403)
    const lines = await t.ports.db.select().from(securityLog)
    expect(lines).toContainEqual(
      expect.objectContaining({
        event: 'access.refused',
        actor,
        source: '127.0.0.1',
        detail: { action: 'user.manage', route: 'POST /api/v1/users' },
      }),
    )
  })

  it('with several roles is what one of them may; a program’s token never reveals anybody', async () => {
    const both = await signedInAs(t.ports, ['operator', 'agency'], [own.agencyId])
    expect((await ask('GET /api/v1/cases/:id', both.headers, other)).status).toBe(200)
    const roles = { name: 'a program', roles: ROLES, agencies: 'all', expiresAt: null } as const
    const { token } = await makeToken(t.ports, COMMAND_LINE, roles)
    const headers = { authorization: `Bearer ${token}` }
    expect((await ask('GET /api/v1/cases/:id', headers, other)).status).toBe(200)
    expect((await ask('POST /api/v1/reporters/:id/reveal', headers, own)).problem).toBe('forbidden')
  })
})
