import { randomBytes } from 'node:crypto'
import { appendFileSync, mkdtempSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { Behaviour } from './behaviour.ts'
import { openOffice } from './office.ts'
import { startOffice } from './process.ts'
import { complaint, sign } from './signature.ts'
import type { Held, OwnEvent } from './store.ts'

const SECRET = `whsec_${randomBytes(32).toString('base64')}`
const CALLBACK_SECRET = `whsec_${randomBytes(32).toString('base64')}`
const AT = new Date('2026-08-20T03:00:00Z')
const NOBODY = 'http://127.0.0.1:9'

function storePath(): string {
  return join(mkdtempSync(join(tmpdir(), 'office-')), 'store.jsonl')
}

function delivery(key: string, change: object = {}, type = 'case.forwarded') {
  const data = {
    key,
    caseId: 'c1',
    assignmentId: 'a1',
    code: 'DB-26-0001',
    agency: { code: 'H18', name: 'Phường Mẫu' },
    title: 'Hố ga mất nắp',
    text: 'Nắp hố ga đã mất.',
    urgent: false,
    receivedAt: AT.toISOString(),
    reportCount: 1,
    files: [{ name: 'a.jpg', type: 'image/jpeg', size: 1, url: 'https://hub.example/f/1' }],
    ...change,
  }
  return { type, timestamp: AT.toISOString(), data }
}

function signed(id: string, body: string, { secret = SECRET, at = AT } = {}) {
  const timestamp = Math.floor(at.getTime() / 1000)
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': sign(secret, { id, timestamp, body: Buffer.from(body) }),
  }
}

async function office(behaviour: Partial<Behaviour> = {}, urlOfHub = NOBODY) {
  const opened = await openOffice({
    port: 0,
    store: storePath(),
    secret: SECRET,
    hub: { url: urlOfHub, link: 'l1', callbackSecret: CALLBACK_SECRET },
    behaviour: { now: AT.toISOString(), ...behaviour },
  })
  onTestFinished(() => opened.close())
  const base = `http://127.0.0.1:${opened.port}`
  const post = (headers: Record<string, string>, body: string, path = '/deliveries') =>
    fetch(base + path, { method: 'POST', headers, body })
  return {
    base,
    post,
    send: (key: string, change?: object, type?: string) => {
      const body = JSON.stringify(delivery(key, change, type))
      return post(signed(key, body), body)
    },
    ledger: async () => (await (await fetch(`${base}/ledger`)).json()) as Held[],
    count: async () => (await fetch(`${base}/ledger/count`)).json(),
    untold: async () => ((await (await fetch(`${base}/updates/count`)).json()) as { untold: number }).untold,
    control: (change: object) => post({ 'content-type': 'application/json' }, JSON.stringify(change), '/control'),
  }
}

/** A hub that says these statuses to the updates it gets, in turn, then 200. */
async function hub(...statuses: number[]) {
  const got: (OwnEvent & { status: number })[] = []
  let busy = 0
  let most = 0
  const server = createServer(async (request, response) => {
    most = Math.max(most, ++busy)
    response.once('close', () => busy--)
    const body = Buffer.concat(await request.toArray())
    const wrong = complaint({ headers: request.headers, body }, { secret: CALLBACK_SECRET, now: AT })
    const status = wrong?.status ?? (request.url === '/hooks/links/l1' ? (statuses.shift() ?? 200) : 404)
    got.push({ ...JSON.parse(body.toString()), status })
    response.writeHead(status).end()
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  onTestFinished(() => void server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, got, busiest: () => most }
}

describe('what the office refuses', () => {
  const body = JSON.stringify(delivery('k1'))
  const change = (fields: object) => JSON.stringify(delivery('k1', fields))

  it.each<[string, number, Record<string, string>, string]>([
    ['another content type', 415, { ...signed('k1', body), 'content-type': 'text/plain' }, body],
    ['no webhook-id', 400, { ...signed('k1', body), 'webhook-id': '' }, body],
    ['no timestamp', 400, { ...signed('k1', body), 'webhook-timestamp': '' }, body],
    ['a stale timestamp', 400, signed('k1', body, { at: new Date(AT.getTime() - 301_000) }), body],
    ['a timestamp to come', 400, signed('k1', body, { at: new Date(AT.getTime() + 301_000) }), body],
    ['another secret', 401, signed('k1', body, { secret: CALLBACK_SECRET }), body],
    ['another body', 401, signed('k1', body), `${body} `],
    ['no JSON', 422, signed('k1', 'hello'), 'hello'],
    ['a key other than its id', 422, signed('k2', body), body],
    [
      'a type nobody documented',
      422,
      signed('k1', body.replace('case.forwarded', 'case.moved')),
      body.replace('case.forwarded', 'case.moved'),
    ],
    ['a field too few', 422, signed('k1', change({ title: undefined })), change({ title: undefined })],
    ['a field too many', 422, signed('k1', change({ reporterId: 'x' })), change({ reporterId: 'x' })],
    ['null for absent', 422, signed('k1', change({ address: null })), change({ address: null })],
  ])('%s: %i', async (_, status, headers, sent) => {
    const { post, ledger } = await office()
    expect((await post(headers, sent)).status).toBe(status)
    expect(await ledger()).toEqual([])
  })

  it('a look-up that is not signed', async () => {
    const { base } = await office()
    expect((await fetch(`${base}/deliveries/k1`)).status).toBe(400)
    const headers = signed('k1', '', { secret: CALLBACK_SECRET })
    expect((await fetch(`${base}/deliveries/k1`, { headers })).status).toBe(401)
  })

  it('a behaviour that it does not know', async () => {
    const { control } = await office()
    expect((await control({ mood: 'bad' })).status).toBe(400)
  })
})

describe('what the office keeps', () => {
  it('is one delivery a key, answered with its first id, and counted', async () => {
    const { send, ledger, count } = await office()
    for (const key of ['k1', 'k2', 'k1', 'k1']) expect((await send(key)).status).toBe(200)
    expect(await (await send('k1')).json()).toEqual({ id: 'VP-000001' })
    expect(await ledger()).toEqual([
      {
        key: 'k1',
        id: 'VP-000001',
        kind: 'case',
        caseId: 'c1',
        code: 'DB-26-0001',
        title: 'Hố ga mất nắp',
        text: 'Nắp hố ga đã mất.',
        agency: 'H18',
        urgent: false,
        receivedAt: AT.toISOString(),
        times: 4,
        files: [{ name: 'a.jpg', type: 'image/jpeg', size: 1, url: 'https://hub.example/f/1' }],
      },
      expect.objectContaining({ key: 'k2', id: 'VP-000002', times: 1 }),
    ])
    expect(await count()).toEqual({ held: 2, arrived: 5 })
  })

  it('is found by its key', async () => {
    const { base, send } = await office()
    await send('k1')
    const ask = (key: string) => fetch(`${base}/deliveries/${key}`, { headers: signed(key, '') })
    expect(await (await ask('k1')).json()).toEqual({ id: 'VP-000001' })
    expect((await ask('k2')).status).toBe(404)
  })

  it('is not another case under a key that is taken', async () => {
    const { send, ledger } = await office()
    await send('k1')
    expect((await send('k1', { caseId: 'c2' })).status).toBe(409)
    expect((await send('k1', {}, 'case.reminder')).status).toBe(409)
    expect(await ledger()).toMatchObject([{ caseId: 'c1', times: 1 }])
  })

  it('survives a kill, with a line that the kill cut in two', async () => {
    const store = storePath()
    const as = { store, urlOfHub: NOBODY, link: 'l1', secret: SECRET, callbackSecret: CALLBACK_SECRET }
    const behaviour = { now: AT.toISOString(), loseReplies: { nth: 2 } }
    const first = await startOffice({ ...as, behaviour })
    const send = (url: string, key: string) => {
      const body = JSON.stringify(delivery(key))
      return fetch(url, { method: 'POST', headers: signed(key, body), body })
    }
    await send(first.url, 'k1')
    await expect(send(first.url, 'k2')).rejects.toThrow()
    await first.kill()
    appendFileSync(store, '{"line":"held","held":{"key":"k3"')

    const second = await startOffice({ ...as, behaviour })
    onTestFinished(() => second.kill())
    await send(second.url, 'k1')
    expect(await second.ledger()).toMatchObject([
      { key: 'k1', id: 'VP-000001', times: 2 },
      { key: 'k2', id: 'VP-000002', times: 1 },
    ])
    expect(await second.control({ reject: true })).toMatchObject({ reject: true, now: AT.toISOString() })
    expect((await send(second.url, 'k3')).status).toBe(422)
  })
})

describe('how the office behaves', () => {
  it('slowMs: stores at once, answers later', async () => {
    const { send, ledger, control } = await office({ slowMs: 60_000 })
    const unanswered = send('k1').catch(() => 'closed')
    await vi.waitFor(async () => expect(await ledger()).toHaveLength(1))
    await control({ slowMs: 50 })
    const started = performance.now()
    expect((await send('k1')).status).toBe(200)
    expect(performance.now() - started).toBeGreaterThanOrEqual(45)
    expect(await Promise.race([unanswered, 'waiting'])).toBe('waiting')
  })

  it('down: drops connections, or answers 503, and keeps nothing; /control stays', async () => {
    const { send, ledger, control } = await office({ down: 'closed' })
    await expect(send('k1')).rejects.toThrow()
    await control({ down: '503' })
    expect((await send('k1')).status).toBe(503)
    expect(await ledger()).toEqual([])
    await control({ down: null })
    expect((await send('k1')).status).toBe(200)
  })

  it.each([
    [{ nth: 2 }, [true, false, true, true, true, true]],
    [{ every: 3 }, [true, true, false, true, true, false]],
  ])('loseReplies %o: stores all of them and answers some', async (loseReplies, expected) => {
    const { send, count, control } = await office()
    await send('before')
    await control({ loseReplies })
    const answered: boolean[] = []
    for (const key of ['k1', 'k2', 'k3', 'k4', 'k5', 'k6']) {
      answered.push(
        await send(key).then(
          ({ ok }) => ok,
          () => false,
        ),
      )
    }
    expect(answered).toEqual(expected)
    expect(await count()).toEqual({ held: 7, arrived: 7 })
  })

  it('reject: 422, and keeps nothing', async () => {
    const { send, ledger } = await office({ reject: true })
    expect((await send('k1')).status).toBe(422)
    expect(await ledger()).toEqual([])
  })

  it('a test is answered and not kept', async () => {
    const { post, ledger } = await office()
    const body = JSON.stringify({ type: 'link.test', timestamp: AT.toISOString(), data: { key: 'test-1' } })
    expect((await post(signed('test-1', body), body)).status).toBe(204)
    expect(await ledger()).toEqual([])
  })

  it('refuse: takes it, then says why not', async () => {
    const { url, got } = await hub()
    const { send } = await office({ refuse: 'Not our road.' }, url)
    expect((await send('k1')).status).toBe(200)
    await vi.waitFor(() => expect(got).toHaveLength(1))
    expect(got).toEqual([
      {
        event: 'VP-000001-refused',
        of: 'k1',
        kind: 'refused',
        at: AT.toISOString(),
        text: 'Not our road.',
        status: 200,
      },
    ])
  })

  it('answers: tells in order, each until the hub confirms it, always under the same event', async () => {
    const { url, got } = await hub(500, 404, 200, 503)
    const { send } = await office({ answers: true, answerText: 'Mended.' }, url)
    await send('k1')
    await send('k1')
    await vi.waitFor(() => expect(got).toHaveLength(6), { timeout: 5_000 })
    expect(got.map(({ event, status }) => `${event} ${status}`)).toEqual([
      'VP-000001-taken 500',
      'VP-000001-taken 404',
      'VP-000001-taken 200',
      'VP-000001-in-progress 503',
      'VP-000001-in-progress 200',
      'VP-000001-answer 200',
    ])
    expect(got.at(-1)?.text).toBe('Mended.')
  })

  it('answers cases only', async () => {
    const { url, got } = await hub()
    const { send } = await office({ answers: true }, url)
    await send('k1', {}, 'case.reminder')
    await send('k2')
    await vi.waitFor(() => expect(got).toHaveLength(3))
    expect(new Set(got.map(({ of }) => of))).toEqual(new Set(['k2']))
  })

  it('sendTwice and outOfOrder: the last first, each once more', async () => {
    const { url, got } = await hub()
    const { send } = await office({ answers: true, sendTwice: true, outOfOrder: true }, url)
    await send('k1')
    await vi.waitFor(() => expect(got).toHaveLength(6))
    expect(got.map(({ kind }) => kind)).toEqual(['answer', 'answer', 'in-progress', 'in-progress', 'taken', 'taken'])
  })

  it('silent: keeps what it has to say, and says it later', async () => {
    const { url, got } = await hub()
    const { send, control, untold } = await office({ answers: true, silent: true }, url)
    await send('k1')
    await wait(200)
    expect([got.length, await untold()]).toEqual([0, 3])
    await control({ silent: false })
    await vi.waitFor(async () => expect(await untold()).toBe(0))
    expect(got.map(({ kind }) => kind)).toEqual(['taken', 'in-progress', 'answer'])
  })

  it('speaks of so many at a time, each in its turn', async () => {
    const { url, got, busiest } = await hub()
    const { send } = await office({ answers: true }, url)
    for (let n = 0; n < 40; n++) await send(`k${n}`)
    await vi.waitFor(() => expect(got).toHaveLength(120), { timeout: 5000 })
    expect(busiest()).toBeLessThanOrEqual(16)
  })

  it('goes on telling after a restart what the hub had not confirmed', async () => {
    const store = storePath()
    const as = { store, link: 'l1', secret: SECRET, callbackSecret: CALLBACK_SECRET }
    const behaviour = { now: AT.toISOString(), answers: true }
    const first = await startOffice({ ...as, urlOfHub: NOBODY, behaviour })
    const body = JSON.stringify(delivery('k1'))
    await fetch(first.url, { method: 'POST', headers: signed('k1', body), body })
    await first.kill()
    const { url, got } = await hub()
    const second = await startOffice({ ...as, urlOfHub: url, behaviour })
    onTestFinished(() => second.kill())
    await vi.waitFor(async () => expect((await second.updates()).every(({ told }) => told)).toBe(true), {
      timeout: 5_000,
    })
    expect(got.map(({ kind }) => kind)).toEqual(['taken', 'in-progress', 'answer'])
  })
})

it('the README has a row for every behaviour', () => {
  const readme = readFileSync(join(import.meta.dirname, 'README.md'), 'utf8')
  for (const name of Object.keys(Behaviour.shape)) expect(readme).toContain(`| \`${name}\` |`)
})
