import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, createServer as createSocketServer, type LookupFunction, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { Fault } from '../../core/fault.ts'
import type { ExchangeTrace, HttpAnswer, HttpCall } from './http.ts'
import { makeOutgoing, type OutgoingOptions } from './outgoing.ts'

const open: { close(done?: () => void): unknown; closeAllConnections?(): void }[] = []

afterEach(async () => {
  for (const server of open.splice(0)) {
    server.closeAllConnections?.()
    await new Promise<void>((done) => server.close(done))
  }
})

async function listening<S extends Server | ReturnType<typeof createSocketServer>>(
  server: S,
  host = '127.0.0.1',
  port = 0,
) {
  open.push(server)
  await new Promise<void>((done) => server.listen(port, host, done))
  return (server.address() as AddressInfo).port
}

/** An office on 127.0.0.1 and a way out that may reach it. */
async function office(answer: RequestListener, options: Partial<OutgoingOptions> = {}) {
  const seen: IncomingMessage[] = []
  const port = await listening(
    createServer((request, response) => {
      seen.push(request)
      answer(request, response)
    }),
  )
  return { ...wayOut(options), seen, url: `http://127.0.0.1:${port}/in` }
}

function wayOut(options: Partial<OutgoingOptions> = {}) {
  const traces: ExchangeTrace[] = []
  const http = makeOutgoing({
    timeoutMs: 2_000,
    maxAnswerBytes: 1_000,
    allow: ['127.0.0.0/8'],
    secrets: [],
    trace: (exchange) => traces.push(exchange),
    ...options,
  })
  return { http, traces }
}

const post = (url: string, more: Partial<HttpCall> = {}): HttpCall => ({ method: 'POST', url, body: '{}', ...more })

/** A resolver that answers with the next of these for each question, and the last for ever. */
function resolver(...answers: string[][]) {
  const asked: string[] = []
  const lookup: LookupFunction = (hostname, options, done) => {
    const answer = answers[Math.min(asked.length, answers.length - 1)] ?? []
    asked.push(hostname)
    const found = answer.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
    if (options.all) done(null, found)
    else done(null, found[0]?.address ?? '', found[0]?.family)
  }
  return { lookup, asked }
}

describe('an answer', () => {
  it('comes back as it is, with lower-case headers', async () => {
    const { http, url } = await office((_, response) => {
      response.writeHead(201, { 'X-Office': 'one', 'Content-Type': 'application/json' }).end('{"id":"A1"}')
    })
    const answer = (await http.request(post(url))) as HttpAnswer
    expect(answer).toMatchObject({ status: 201, headers: { 'x-office': 'one', 'content-type': 'application/json' } })
    expect(answer.body.toString()).toBe('{"id":"A1"}')
  })

  it('of 4xx and 5xx is an answer, not a fault', async () => {
    for (const status of [404, 422, 500]) {
      const { http, url } = await office((_, response) => response.writeHead(status).end('no'))
      expect(await http.request(post(url))).toMatchObject({ status })
    }
  })

  it('that redirects is handed over and not followed', async () => {
    const { http, url, seen } = await office((_, response) => response.writeHead(302, { location: '/elsewhere' }).end())
    expect(await http.request(post(url))).toMatchObject({ status: 302, headers: { location: '/elsewhere' } })
    expect(seen).toHaveLength(1)
  })

  it('sets no cookie for the next call', async () => {
    const { http, url, seen, traces } = await office((_, response) => {
      response.writeHead(200, { 'set-cookie': ['sid=abc', 'b=2'] }).end()
    })
    const first = (await http.request(post(url))) as HttpAnswer
    await http.request(post(url))
    expect(first.headers).not.toHaveProperty('set-cookie')
    expect(seen[1]?.headers.cookie).toBeUndefined()
    expect(traces[0]?.response?.headers).toContain('set-cookie: [redacted]')
  })

  it('larger than the cap is a fault when it claims success, and its outcome is unknown', async () => {
    const { http, url } = await office((_, response) => response.end('x'.repeat(1_001)))
    expect(await http.request(post(url))).toMatchObject({ fault: 'config', outcomeUnknown: true })
  })

  it('of exactly the cap passes', async () => {
    const { http, url } = await office((_, response) => response.end('x'.repeat(1_000)))
    expect(await http.request(post(url))).toMatchObject({ status: 200 })
  })

  it('that never ends is left after the cap', async () => {
    const { http, url } = await office((_, response) => {
      response.writeHead(500)
      const more = () => {
        while (response.write('x'.repeat(65_536)));
      }
      response.on('drain', more)
      more()
    })
    const answer = (await http.request(post(url))) as HttpAnswer
    expect(answer).toMatchObject({ status: 500 })
    expect(answer.body).toHaveLength(1_000)
  })

  it('with more headers than 16 kB is refused', async () => {
    const { http, url } = await office((_, response) => response.writeHead(200, { 'x-big': 'x'.repeat(20_000) }).end())
    expect(await http.request(post(url))).toMatchObject({ fault: 'unreachable', outcomeUnknown: true })
  })
})

describe('no answer', () => {
  it('and surely not sent: the name does not exist', async () => {
    const lookup: LookupFunction = (_hostname, _options, done) =>
      done(Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' }), [])
    const found = await wayOut({ lookup }).http.request(post('http://office.example/'))
    expect(found).toMatchObject({ fault: 'unreachable', message: 'No connection to office.example: ENOTFOUND' })
    expect(found).not.toHaveProperty('outcomeUnknown')
  })

  it('and surely not sent: the connection is refused', async () => {
    const server = createSocketServer()
    const port = await listening(server)
    await new Promise<void>((done) => open.pop()?.close(done))
    const found = await wayOut().http.request(post(`http://127.0.0.1:${port}/`))
    expect(found).toMatchObject({ fault: 'unreachable' })
    expect(found).not.toHaveProperty('outcomeUnknown')
  })

  it('and surely not sent: the name server is silent', async () => {
    const found = await wayOut({ lookup: () => {}, timeoutMs: 50 }).http.request(post('http://office.example/'))
    expect(found).toMatchObject({ fault: 'unreachable', message: 'No connection to office.example: timeout' })
    expect(found).not.toHaveProperty('outcomeUnknown')
  })

  it('and surely not sent: the TLS handshake never ends', async () => {
    const held: Socket[] = []
    const port = await listening(createSocketServer((socket) => held.push(socket)))
    const found = await wayOut({ timeoutMs: 100 }).http.request(post(`https://127.0.0.1:${port}/`))
    expect(found).toMatchObject({ fault: 'unreachable' })
    expect(found).not.toHaveProperty('outcomeUnknown')
    for (const socket of held) socket.destroy()
  })

  it('and a certificate that does not hold is for IT to mend', async () => {
    const server = createTlsServer({ key: SELF_SIGNED_KEY, cert: SELF_SIGNED }, (_, response) => response.end())
    const port = await listening(server)
    const found = await wayOut().http.request(post(`https://127.0.0.1:${port}/`))
    expect(found).toMatchObject({ fault: 'config' })
    expect(found).not.toHaveProperty('outcomeUnknown')
  })

  it.each<[string, string, RequestListener]>([
    ['the other side is silent', 'timeout', () => {}],
    ['the other side hangs up', 'UND_ERR_SOCKET', (request) => request.socket.destroy()],
    ['the answer drips', 'timeout', (_, response) => drip(response)],
    [
      'the answer breaks off',
      'HTTPParserError',
      (request, response) => response.write('{"id":', () => request.socket.destroy()),
    ],
  ])('and perhaps acted upon: %s', async (_, why, answer) => {
    const { http, url, seen } = await office(answer, { timeoutMs: 300 })
    expect(await http.request(post(url))).toMatchObject({
      fault: 'unreachable',
      outcomeUnknown: true,
      message: expect.stringContaining(why),
    })
    expect(seen).toHaveLength(1)
  })

  it.each(['ftp://office.example/', 'file:///etc/passwd', 'office.example', '', 'http://user:pass@office.example/'])(
    'for what is no address of ours: %s',
    async (url) => {
      const { http, traces } = wayOut()
      expect(await http.request(post(url))).toMatchObject({ fault: 'config' })
      expect(traces).toHaveLength(1)
    },
  )

  it('for a header that would smuggle a second one', async () => {
    const { http, url, seen } = await office((_, response) => response.end())
    expect(await http.request(post(url, { headers: { 'x-a': 'a\r\nx-b: b' } }))).toMatchObject({ fault: 'ours' })
    expect(seen).toHaveLength(0)
  })
})

/** A byte every 20 ms: each one in time, the whole never. */
function drip(response: Parameters<RequestListener>[1]) {
  response.writeHead(200)
  const timer = setInterval(() => response.write('x'), 20)
  response.on('close', () => clearInterval(timer))
}

describe('a private address', () => {
  it.each([
    'http://127.0.0.1:{port}/',
    'http://localhost:{port}/',
    'http://0x7f000001:{port}/',
    'http://2130706433:{port}/',
    'http://127.1:{port}/',
    'http://[::ffff:127.0.0.1]:{port}/',
    'http://0.0.0.0:{port}/',
    'http://[::]:{port}/',
  ])('is not reached as %s', async (url) => {
    const { seen, url: here } = await office((_, response) => response.end())
    const found = await wayOut({ allow: [] }).http.request(post(url.replace('{port}', new URL(here).port)))
    expect(found).toMatchObject({ fault: 'config' })
    expect(found).not.toHaveProperty('outcomeUnknown')
    expect(seen).toHaveLength(0)
  })

  it('is reached where the link allow-lists its network, by name and by number', async () => {
    const { lookup } = resolver(['127.0.0.1'])
    const { http, url, seen } = await office((_, response) => response.end(), { lookup })
    await http.request(post(url))
    await http.request(post(url.replace('127.0.0.1', 'office.example')))
    expect(seen.map(({ headers }) => headers.host?.split(':')[0])).toEqual(['127.0.0.1', 'office.example'])
  })

  it('is not reached by a name that answers differently the second time', async () => {
    const inside: IncomingMessage[] = []
    const { lookup, asked } = resolver(['127.0.0.1'], ['127.0.0.2'])
    const { http, url, seen } = await office((_, response) => response.end(), { lookup, allow: ['127.0.0.1/32'] })
    const port = Number(new URL(url).port)
    await listening(
      createServer((request, response) => {
        inside.push(request)
        response.end('inside')
      }),
      '127.0.0.2',
      port,
    )
    expect(await http.request(post(`http://rebound.example:${port}/`))).toMatchObject({ status: 200 })
    // One question a call: the address that was judged is the one connected to.
    expect(asked).toHaveLength(1)
    expect(await http.request(post(`http://rebound.example:${port}/`))).toMatchObject({ fault: 'config' })
    expect([seen.length, inside.length]).toEqual([1, 0])
  })

  it('is left out where a name has several addresses', async () => {
    const { lookup } = resolver(['10.0.0.1', '169.254.169.254', '127.0.0.1', '::1'])
    const { http, url, seen } = await office((_, response) => response.end(), { lookup, allow: ['127.0.0.1/32'] })
    expect(await http.request(post(url.replace('127.0.0.1', 'office.example')))).toMatchObject({ status: 200 })
    expect(seen).toHaveLength(1)
  })

  it('is not reached through a redirect', async () => {
    const { seen, url: inside } = await office((_, response) => response.end())
    const { http, url } = await office((_, response) => response.writeHead(307, { location: inside }).end())
    expect(await http.request(post(url))).toMatchObject({ status: 307 })
    expect(seen).toHaveLength(0)
  })
})

it('asks no proxy of the environment', async () => {
  const proxied: IncomingMessage[] = []
  const port = await listening(createServer((request) => proxied.push(request)))
  const before = { ...process.env }
  Object.assign(process.env, {
    HTTP_PROXY: `http://127.0.0.1:${port}`,
    http_proxy: `http://127.0.0.1:${port}`,
    NO_PROXY: '',
  })
  try {
    const { http, url } = await office((_, response) => response.end())
    expect(await http.request(post(url))).toMatchObject({ status: 200 })
  } finally {
    process.env = before
  }
  expect(proxied).toHaveLength(0)
})

it('one hanging answer does not hold up the others', async () => {
  const { http, url } = await office((request, response) => (request.url === '/slow' ? undefined : response.end()), {
    timeoutMs: 1_000,
  })
  const slow = http.request(post(new URL('/slow', url).href))
  const quick = await Promise.all(Array.from({ length: 20 }, () => http.request(post(url))))
  expect(quick.every((answer) => 'status' in answer)).toBe(true)
  expect(await slow).toMatchObject({ fault: 'unreachable', outcomeUnknown: true })
})

describe('the trace', () => {
  const SECRETS = ['tok-9c1f', 'whsec_QUJDREVG']

  it('shows the exchange without a secret, also where the other side echoes it', async () => {
    const { http, url, traces } = await office(
      (request, response) =>
        response.writeHead(401, { 'x-echo': 'tok-9c1f' }).end(`bad key whsec_QUJDREVG on ${request.url}`),
      { secrets: SECRETS },
    )
    const call = post(`${url}?key=tok-9c1f`, {
      headers: { authorization: 'Bearer abc', 'webhook-signature': 'v1,abc', 'x-plain': 'seen' },
      body: '{"text":"hố ga","token":"tok-9c1f"}',
    })
    await http.request(call)
    expect(traces).toEqual([
      {
        request: {
          line: `POST ${url}?key=[redacted]`,
          headers: 'authorization: [redacted]\nwebhook-signature: [redacted]\nx-plain: seen',
          body: '{"text":"hố ga","token":"[redacted]"}',
        },
        response: {
          status: 401,
          line: 'HTTP 401',
          headers: expect.stringContaining('x-echo: [redacted]'),
          body: 'bad key [redacted] on /in?key=[redacted]',
        },
        durationMs: expect.any(Number),
      },
    ])
  })

  it('is written for what failed, with what had come until then', async () => {
    const { http, url, traces } = await office((_, response) => drip(response), { timeoutMs: 200 })
    const found = (await http.request(post(url))) as Fault
    expect(traces).toHaveLength(1)
    expect(traces[0]).toMatchObject({
      error: found.message,
      response: { status: 200, body: expect.stringMatching(/^x+$/) },
    })
    expect(traces[0]?.durationMs).toBeGreaterThanOrEqual(150)
  })

  it('is written for an address that was refused, without a response', async () => {
    const { http, traces } = wayOut({ allow: [] })
    await http.request(post('http://10.1.2.3/'))
    expect(traces).toEqual([expect.objectContaining({ error: '10.1.2.3 is not an address that may be reached' })])
    expect(traces[0]).not.toHaveProperty('response')
  })
})

const SELF_SIGNED_KEY = `-----BEGIN EC PRIVATE KEY-----
MHcCAQEEINx58YJ5dFDDL0fh/E16OAP8DrIr/VIoKGlhDPlWGJ/ooAoGCCqGSM49
AwEHoUQDQgAEHYzvq2QFIzXg1xriI3kbcmDVyaDLGHKGSoJw57VGOg+11EjZLQLA
mT/EbjJ/OowkAFQe1oRxQBiZkBJOOWpa6w==
-----END EC PRIVATE KEY-----`

/** For office.invalid, signed by itself. */
const SELF_SIGNED = `-----BEGIN CERTIFICATE-----
MIIBpDCCAUqgAwIBAgIUYQ7XK3nyLP4B35q3aVr03/x3v2cwCgYIKoZIzj0EAwIw
GTEXMBUGA1UEAwwOb2ZmaWNlLmludmFsaWQwIBcNMjYxMTIyMTUzNDQyWhgPMjEy
NjEwMjkxNTM0NDJaMBkxFzAVBgNVBAMMDm9mZmljZS5pbnZhbGlkMFkwEwYHKoZI
zj0CAQYIKoZIzj0DAQcDQgAEHYzvq2QFIzXg1xriI3kbcmDVyaDLGHKGSoJw57VG
Og+11EjZLQLAmT/EbjJ/OowkAFQe1oRxQBiZkBJOOWpa66NuMGwwHQYDVR0OBBYE
FOXc6qd3BDZq66bgKxs7W6Bi4fOsMB8GA1UdIwQYMBaAFOXc6qd3BDZq66bgKxs7
W6Bi4fOsMA8GA1UdEwEB/wQFMAMBAf8wGQYDVR0RBBIwEIIOb2ZmaWNlLmludmFs
aWQwCgYIKoZIzj0EAwIDSAAwRQIhAJmD9f0OeKIYp5cR7bEQZKnCrasem5bej9y3
q7LxCyBxAiBKqueb5SaDHK6UVp1htFjpeN1zaenm9wlhdG8keZupXw==
-----END CERTIFICATE-----`
