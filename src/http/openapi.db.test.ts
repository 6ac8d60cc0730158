import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type TestServer, testServer } from '../../test/support/server.ts'

let t: TestServer
beforeAll(async () => {
  t = await testServer()
})
afterAll(() => t.close())

interface Operation {
  readonly tags: readonly string[]
  readonly security?: unknown
  readonly responses: Readonly<Record<string, { readonly content: object }>>
}

const FILE = new URL('../../openapi.json', import.meta.url)

it('openapi.json is what the server documents (renew: UPDATE_OPENAPI=1 npx vitest run src/http/openapi.db.test.ts)', () => {
  const document = `${JSON.stringify(t.app.swagger(), null, 2)}\n`
  if (process.env['UPDATE_OPENAPI'] === '1') writeFileSync(FILE, document)
  expect(readFileSync(FILE, 'utf8')).toBe(document)
})

it('says what a report may hold, as JSON and as a form, and how to send it twice', () => {
  const { post } = t.app.swagger().paths!['/api/v1/reports'] as {
    post: { requestBody: { content: Record<string, unknown> } }
  }
  expect(Object.keys(post.requestBody.content)).toEqual(['application/json', 'multipart/form-data'])
  for (const field of ['content', 'phone', 'identitySecret', 'files', 'idempotency-key'])
    expect(JSON.stringify(post)).toContain(`"${field}"`)
})

it('documents each problem as what it is, and no operation of staff without their token', () => {
  const paths = t.app.swagger().paths as Readonly<Record<string, Readonly<Record<string, Operation>>>>
  const operations = Object.values(paths).flatMap((path) => Object.values(path))
  expect(operations.length).toBeGreaterThan(10)
  for (const { tags, security, responses } of operations) {
    const apps = [undefined, [{}, { app: [] }], [{ app: [] }]]
    if (tags.includes('staff')) expect(security).toEqual([{ token: [] }, { cookie: [] }])
    else expect(apps).toContainEqual(security)
    for (const [status, { content }] of Object.entries(responses))
      expect(Object.keys(content)).toEqual([Number(status) < 400 ? 'application/json' : 'application/problem+json'])
  }
})

it('is shown to people at /docs', async () => {
  const page = await fetch(`${t.url}/docs/`)
  expect(page.status).toBe(200)
  expect(await page.text()).toContain('swagger-ui')
})
