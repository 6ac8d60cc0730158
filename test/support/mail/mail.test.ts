import { ImapFlow } from 'imapflow'
import { simpleParser } from 'mailparser'
import { createTransport } from 'nodemailer'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { until } from '../until.ts'
import { Behaviour } from './behaviour.ts'
import { type Proxy as Line, startProxy } from './proxy.ts'
import { type MailWorld, openMailWorld } from './world.ts'
import { citizenMail } from './write.ts'

const CITIZEN = 'an@dan.example'

/** What a test has opened; all of it is closed after it. */
let opened: (() => unknown)[] = []
afterEach(async () => {
  for (const close of opened.reverse()) await close()
  opened = []
})

/** Whichever is installed, and hoodiecrow everywhere. */
describe.each([{}, { force: 'hoodiecrow' as const }])('a mail world, opened with %j', (options) => {
  let world: MailWorld
  beforeAll(async () => {
    world = await openMailWorld(options)
  })
  afterAll(() => world.close())
  // One world for all of them, since each start takes a second; every test finds it empty and well-behaved.
  beforeEach(async () => {
    await world.control(Behaviour.parse({}))
    const client = await signIn()
    await client.mailboxOpen('INBOX')
    await client.messageDelete('1:*')
  })

  async function signIn(to: { port: number } = world.imap, password = world.imap.password): Promise<ImapFlow> {
    const auth = { user: world.imap.user, pass: password }
    const times = { socketTimeout: 1000, greetingTimeout: 500 }
    const client = new ImapFlow({ host: '127.0.0.1', port: to.port, secure: false, auth, logger: false, ...times })
    client.on('error', () => undefined) // the call says it
    opened.push(() => client.close())
    await client.connect()
    return client
  }

  async function inbox() {
    const client = await signIn()
    const { uidValidity } = await client.mailboxOpen('INBOX')
    const mails = await client.fetchAll('1:*', { envelope: true })
    client.close()
    return {
      validity: uidValidity,
      uids: mails.map((mail) => mail.uid),
      subjects: mails.map((mail) => mail.envelope?.subject),
    }
  }

  async function send(to: string, raw?: Buffer, from = CITIZEN): Promise<void> {
    const transport = createTransport({ ...world.smtp, ignoreTLS: true })
    try {
      await transport.sendMail({ envelope: { from, to }, raw: raw ?? (await citizenMail({ from, to })) })
    } finally {
      transport.close()
    }
  }

  it('brings what is sent to its address, or to that with a detail, into the INBOX', async () => {
    await send(world.address)
    await send(world.address.replace('@', '+abc.123@'))
    const client = await signIn()
    await client.mailboxOpen('INBOX')
    const mails = await client.fetchAll('1:*', { source: true })
    const parsed = await Promise.all(mails.map(({ source }) => simpleParser(source ?? '')))
    expect(parsed.map((mail) => mail.subject)).toEqual(Array(2).fill('Ổ gà lớn trước cổng trường'))
    expect(mails[1]?.source?.toString()).toContain('Delivered-To: phananh+abc.123@dienbien.example\r\n')
    expect(parsed[1]?.headers.get('return-path')).toMatchObject({ value: [{ address: CITIZEN }] })
    expect(await world.inboxOf(world.address)).toEqual([])
  })

  it('tells an IDLE session of a new mail, and from outside shows what a session has done', async () => {
    const client = await signIn()
    await client.mailboxOpen('INBOX')
    let exists = 0
    client.on('exists', ({ count }) => {
      exists = count
    })
    void client.idle()
    for (let i = 0; i < 3; i++) await world.deliver(await citizenMail({ from: CITIZEN, to: world.address }))
    await until('told of three', () => exists === 3 || undefined)
    expect(await world.mailbox()).toEqual({ count: 3, seen: 0, deleted: 0 })
    await client.messageFlagsAdd('1', ['\\Seen'])
    await client.messageFlagsAdd('2', ['\\Deleted'])
    expect(await world.mailbox()).toEqual({ count: 3, seen: 1, deleted: 1 })
    await client.messageDelete('2')
    expect(await world.mailbox()).toEqual({ count: 2, seen: 1, deleted: 0 })
  })

  it('numbers mails in the order of delivery, and hands them out byte for byte', async () => {
    const raw = (n: number) => Buffer.concat([Buffer.from(`Subject: ${n}\r\n\r\n`), Buffer.from([0xe1, 0xff, 13, 10])])
    for (let n = 0; n < 200; n++) await world.deliver(raw(n))
    const client = await signIn()
    await client.mailboxOpen('INBOX')
    const mails = await client.fetchAll('1:*', { source: true })
    expect(mails.map(({ source }) => source?.toString('latin1'))).toEqual(
      Array.from({ length: 200 }, (_, n) => raw(n).toString('latin1')),
    )
  })

  it('has a folder for junk that says so', async () => {
    await world.deliver(await citizenMail({ from: CITIZEN, to: world.address }), 'Junk')
    const client = await signIn()
    const junk = (await client.list()).find(({ specialUse }) => specialUse === '\\Junk')
    expect(await client.status(junk?.path ?? '', { messages: true })).toMatchObject({ messages: 1 })
    expect([await world.mailbox('Junk'), await world.mailbox()]).toMatchObject([{ count: 1 }, { count: 0 }])
  })

  it('lets nobody in with another password', async () => {
    await expect(signIn(world.imap, 'wrong')).rejects.toMatchObject({ authenticationFailed: true })
  })

  it('keeps what goes to anybody else for that citizen to read', async () => {
    const from = 'phananh+x@dienbien.example'
    await send('binh@dan.example', await citizenMail({ from, to: 'binh@dan.example', subject: 'Đã tiếp nhận' }), from)
    const [mail, ...more] = await world.inboxOf('binh@dan.example')
    expect([mail?.from, mail?.to, more]).toEqual([from, 'binh@dan.example', []])
    expect((await simpleParser(mail?.raw ?? '')).subject).toBe('Đã tiếp nhận')
    expect(await world.mailbox()).toMatchObject({ count: 0 })
  })

  it('rejects and defers recipients', async () => {
    await world.control({ reject: ['khong@dan.example'], defer: ['mai@dan.example'] })
    await expect(send('khong@dan.example')).rejects.toMatchObject({ responseCode: 550 })
    await expect(send('mai@dan.example')).rejects.toMatchObject({ responseCode: 451 })
    await world.control({ reject: [], defer: ['*'] })
    await expect(send(CITIZEN)).rejects.toMatchObject({ responseCode: 451 })
    await world.control({ defer: [] })
    await send('mai@dan.example')
    expect(await world.inboxOf('mai@dan.example')).toHaveLength(1)
    await expect(world.control({ defer: 'mai@dan.example' as never })).rejects.toThrow('invalid_type')
  })

  it('bounces to the sender of the envelope, and no bounce', async () => {
    await world.control({ bounce: ['*'] })
    const from = world.address.replace('@', '+tra.loi@')
    const messageId = '<tra-loi-1@dienbien.example>'
    await send('chi@dan.example', await citizenMail({ from: world.address, to: 'chi@dan.example', messageId }), from)
    await send('chi@dan.example', await citizenMail({ from: world.address, to: 'chi@dan.example' }), '')
    const client = await signIn()
    await client.mailboxOpen('INBOX')
    const [bounce, ...more] = await client.fetchAll('1:*', { source: true, bodyStructure: true })
    const source = bounce?.source?.toString() ?? ''
    expect(more).toEqual([])
    expect(source).toMatch(/^Return-Path: <>\r\nDelivered-To: phananh\+tra\.loi@/)
    expect(bounce?.bodyStructure?.childNodes?.map(({ type }) => type)).toEqual([
      'text/plain',
      'message/delivery-status',
      'text/rfc822-headers',
    ])
    expect(source).toContain('Final-Recipient: rfc822; chi@dan.example\r\n')
    expect(source).toContain(`\r\nMessage-ID: ${messageId}\r\n`)
    expect(await world.inboxOf('chi@dan.example')).toEqual([])
  })

  it('loses the reply to a mail that it has taken', async () => {
    await send('dung@dan.example')
    await world.control({ loseReplies: { every: 2 } })
    await send('dung@dan.example')
    await expect(send('dung@dan.example')).rejects.toThrow('closed unexpectedly')
    await send('dung@dan.example')
    expect(await world.inboxOf('dung@dan.example')).toHaveLength(4)
  })

  it('answers late', async () => {
    await world.control({ slowMs: 300 })
    const before = performance.now()
    await send(CITIZEN)
    expect(performance.now() - before).toBeGreaterThanOrEqual(300)
  })

  it('keeps its mails over a death of the IMAP server, and takes more meanwhile', async () => {
    await send(world.address)
    const session = await signIn()
    const thrownOut = new Promise((closed) => session.once('close', closed))
    await world.kill()
    await thrownOut
    await expect(signIn()).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    await send(world.address)
    await world.start()
    expect((await inbox()).uids).toHaveLength(2)
  })

  it('numbers its mails anew under another UIDVALIDITY', async () => {
    for (const subject of ['a', 'b', 'c']) {
      await world.deliver(await citizenMail({ from: CITIZEN, to: world.address, subject }))
    }
    const client = await signIn()
    await client.mailboxOpen('INBOX')
    await client.messageDelete('1')
    const before = await inbox()
    expect(before.subjects).toEqual(['b', 'c'])
    expect(before.uids).not.toEqual([1, 2])
    await world.newUidValidity()
    const after = await inbox()
    expect(after).toMatchObject({ uids: [1, 2], subjects: ['b', 'c'] })
    expect(after.validity).not.toBe(before.validity)
    await world.newUidValidity()
    expect((await inbox()).validity).not.toBe(after.validity)
  })

  describe('behind a proxy', () => {
    let proxy: Line
    beforeEach(async () => {
      proxy = await startProxy(world.imap)
      opened.push(proxy.close)
    })

    it('loses a session that is dropped, and takes the next one', async () => {
      const client = await signIn(proxy)
      const closed = new Promise((done) => client.once('close', done))
      proxy.drop()
      await closed
      await (await signIn(proxy)).noop()
      expect(proxy.connections()).toBe(1)
    })

    it('hears nothing from a black hole, not even an end, until the network is back', async () => {
      const client = await signIn(proxy)
      const failed = new Promise<{ code?: string }>((done) => client.once('error', done))
      proxy.blackHole()
      void client.noop().catch(() => undefined)
      expect(await failed).toMatchObject({ code: 'ETIMEOUT' })
      await expect(signIn(proxy)).rejects.toMatchObject({ code: 'GREETING_TIMEOUT' })
      proxy.resume()
      await (await signIn(proxy)).noop()
      expect(proxy.connections()).toBe(1)
    })
  })
})
