import { appendFileSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { until } from '../until.ts'
import type { Behaviour } from './behaviour.ts'
import { check } from './check.ts'
import { openExchange } from './exchange.ts'
import { type Count, startExchange } from './process.ts'
import type { ExchangeOptions } from './running.ts'
import type { Done, Line, Message } from './store.ts'
import { unzipOne } from './zip.ts'

const EDOC = readFileSync(join(import.meta.dirname, 'samples/sample-edoc.edxml'), 'utf8')
const ORGAN = 'H18.99.01'
const KEYS = { 'x-systemid': ORGAN, 'x-secretkey': 's3cret' }
const AS = { organ: ORGAN, systemId: ORGAN, secret: 's3cret' }
/** Morning of the sample's day in Vietnam, the evening before in Greenwich. */
const NOW = '2026-11-19T23:30:00.000Z'
const OURS = `${ORGAN},2026/11/20,123/PC-IOC`

function storePath(): string {
  return join(mkdtempSync(join(tmpdir(), 'exchange-')), 'store.jsonl')
}

/** The sample under another number. */
function edoc(number = 123, change: (xml: string) => string = (xml) => xml): string {
  return change(EDOC.replaceAll('123/PC-IOC', `${number}/PC-IOC`).replace('CodeNumber>123', `CodeNumber>${number}`))
}

function responseFor(documentId: string): string {
  const [organ, date, code] = documentId.split(',')
  return `<edXML:ResponseFor><edXML:OrganId>${organ}</edXML:OrganId><edXML:Code>${code}</edXML:Code><edXML:PromulgationDate>${date}</edXML:PromulgationDate><edXML:DocumentId>${documentId}</edXML:DocumentId></edXML:ResponseFor>`
}

/** A status from us. */
function status(code: string, about = OURS): string {
  return readFileSync(join(import.meta.dirname, 'samples/sample-status.edxml'), 'utf8')
    .replace(/<edXML:ResponseFor>.*<\/edXML:ResponseFor>/, responseFor(about))
    .replace('<edXML:From><edXML:OrganId>H18.98.03', `<edXML:From><edXML:OrganId>${ORGAN}`)
    .replace('StatusCode>03', `StatusCode>${code}`)
}

interface Sending {
  readonly docId: string
  readonly data: { readonly docId: string | null; readonly errorCode: string; readonly errorDesc: string }
}

interface Item {
  readonly docId: string
  readonly to: string
  readonly orgCode: string
}

interface Looked {
  readonly edxml: string
  readonly attachments: readonly { readonly fileName: string; readonly fileContent: string }[]
}

function client(base: string) {
  const get = (path: string) => fetch(base + path, { headers: KEYS })
  const list = async (path: string) => ((await (await get(path)).json()) as { data: Item[] }).data
  const post = (path: string, body: object) =>
    fetch(base + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...KEYS },
      body: JSON.stringify(body),
    })
  const upload = (xml: string, messageType = 'edoc', headers: Record<string, string> = KEYS) => {
    const form = new FormData()
    form.set('edocFile', new Blob([xml], { type: 'application/xml' }), '123_PC-IOC.edxml')
    form.set('messageType', messageType)
    return fetch(`${base}/v1/sendEdoc`, { method: 'POST', headers, body: form })
  }
  const ledger = async () => (await (await fetch(`${base}/ledger`)).json()) as Line[]
  const steps = async () => (await ledger()).filter((line): line is Done & { line: 'step' } => line.line === 'step')
  return {
    get,
    post,
    upload,
    ledger,
    steps,
    send: async (xml: string, messageType?: string) => {
      const answer = await upload(xml, messageType)
      return { status: answer.status, body: (await answer.json()) as Sending }
    },
    inbox: (messageType: 'edoc' | 'status', dates = '') =>
      list(`/v1/syncReceivedEdocList?messageType=${messageType}${dates}`),
    outbox: (messageType: 'edoc' | 'status', dates = '') =>
      list(`/v1/getSentEdocList?messageType=${messageType}${dates}`),
    agencies: () => list('/v1/getAgenciesList'),
    look: async (docId: string) => ((await (await get(`/v1/getEdoc?docId=${docId}`)).json()) as { data: Looked }).data,
    /** As soon as there are so many steps, and what they put into the inbox. */
    played: async (count: number): Promise<{ names: string[]; messages: Message[] }> => {
      const done = await until(`${count} steps`, async () => {
        const all = await steps()
        return all.length >= count ? all : undefined
      })
      return { names: done.map(({ name }) => name), messages: done.flatMap(({ messages }) => messages) }
    },
    count: async () => (await (await fetch(`${base}/ledger/count`)).json()) as Count,
    control: (change: object) => post('/control', change),
    xml: async (docId: string) => (await fetch(`${base}/ledger/documents/${docId}`)).text(),
  }
}

async function exchange(behaviour: Partial<Behaviour> = {}, as: Partial<ExchangeOptions> = {}) {
  const opened = await openExchange({
    ...AS,
    port: 0,
    store: storePath(),
    offices: '*',
    ...as,
    behaviour: { now: NOW, stepMs: 1, ...behaviour },
  })
  onTestFinished(() => opened.close())
  return client(`http://127.0.0.1:${opened.port}`)
}

describe('the door', () => {
  it.each<[string, number, Record<string, string>]>([
    ['no keys', 401, {}],
    ['another secret', 401, { ...KEYS, 'x-secretkey': 'guess' }],
    ['another system', 401, { ...KEYS, 'x-systemid': 'H18' }],
  ])('%s: %i', async (_, code, headers) => {
    const { upload, ledger } = await exchange()
    const answer = await upload(EDOC, 'edoc', headers)
    expect(answer.status).toBe(code)
    expect(await answer.json()).toEqual({
      success: false,
      message: 'Lỗi',
      data: { docId: null, status: 'error', errorCode: '15', errorDesc: 'Sai SystemId hoặc SecretKey' },
    })
    expect(await ledger()).toEqual([])
  })

  it.each<[string, string, string, string]>([
    ['a document with a date in dashes', edoc(123, (xml) => xml.replace('2026/11/20<', '2026-11-20<')), 'edoc', '22'],
    ['a document with a broken file', edoc(123, (xml) => xml.replace('UEsDBBQ', '***')), 'edoc', '21'],
    ['a sender that is not the hub', edoc(123, (xml) => xml.replaceAll(ORGAN, 'H18.99.02')), 'edoc', '19'],
    ['a receiver that is nowhere', edoc(123, (xml) => xml.replace('H18.98.03', 'H18.98.04')), 'edoc', '18'],
    ['a kind that is none', EDOC, 'letter', '10'],
    ['nothing', '', 'edoc', '10'],
    ['asking back what was not sent', status('13'), 'status', '22'],
  ])('%s', async (_, xml, messageType, errorCode) => {
    const { send, ledger } = await exchange({}, { offices: new Map([['H18.98.03', 'UBND xã Mường Nhé']]) })
    const { status: code, body } = await send(xml, messageType)
    expect(code).toBe(400)
    expect(body).toMatchObject({ success: false, data: { docId: null, status: 'error', errorCode } })
    expect(body.data.errorDesc).not.toBe('')
    if (xml) expect(await ledger()).toMatchObject([{ line: 'refused', messageType, errorCode }])
  })

  it('a file over 60 MB', async () => {
    const { send, ledger } = await exchange()
    const { status: code, body } = await send(`${EDOC}${' '.repeat(60 * 1024 * 1024)}`)
    expect([code, body.data.errorCode]).toEqual([400, '10'])
    expect(await ledger()).toEqual([])
  })

  it('no multipart, a look at a document that is nowhere, a status that is none', async () => {
    const { post, get } = await exchange()
    expect((await post('/v1/sendEdoc', {})).status).toBe(400)
    const nowhere = await get('/v1/getEdoc?docId=x')
    expect(nowhere.status).toBe(404)
    expect(await nowhere.json()).toMatchObject({ success: false, data: { errorCode: '10' } })
    expect((await post('/v1/updateStatus', { docId: 'x', status: 'done' })).status).toBe(404)
    expect((await post('/v1/updateStatus', { docId: 'x', status: '03' })).status).toBe(400)
    expect((await get('/v1/syncReceivedEdocList?messageType=edoc&fromDate=2026-11-20')).status).toBe(400)
    expect((await get('/v1/syncReceivedEdocList')).status).toBe(400)
  })

  it('a behaviour that it does not know', async () => {
    const { control } = await exchange()
    expect((await control({ mood: 'bad' })).status).toBe(400)
  })
})

describe('the five steps of Điều 7', () => {
  it('play in order and end in an answer with its PDF', async () => {
    const { send, played, inbox, look, xml } = await exchange({
      answerText: 'Đã hót dọn <đất đá>.',
      answerFile: 'plain',
    })
    expect((await send(EDOC)).status).toBe(200)
    const { names, messages } = await played(8)
    expect(names).toEqual(['01', '03', '04', '05', 'draft', 'approval', '06', 'answer'])
    expect(messages.map(({ code }) => code)).toEqual(['01', '03', '04', '05', '06', null])
    expect(messages.every(({ responseFor: about }) => about === OURS)).toBe(true)

    const statuses = await inbox('status')
    expect(statuses).toHaveLength(5)
    expect(statuses[0]).toMatchObject({
      serviceType: 'eDoc',
      messageType: 'status',
      from: 'H18.98.03',
      to: ORGAN,
      createdTime: '2026/11/20 06:30:00',
      status: 'initial',
    })
    const stamps = await Promise.all(
      messages.slice(0, 5).map(async ({ docId }) => (await xml(docId)).match(/Timestamp>(.*?)</)?.[1]),
    )
    expect(stamps).toEqual(stamps.toSorted())

    const [answer] = await inbox('edoc')
    const looked = await look(answer!.docId)
    expect(looked).toMatchObject({ from: 'H18.98.03', fromName: 'UBND xã Mường Nhé', edocCode: '1/UBND' })
    const read = await check(Buffer.from(looked.edxml), 'edoc')
    expect(read).toMatchObject({
      from: { id: 'H18.98.03' },
      to: [{ id: ORGAN }],
      documentId: 'H18.98.03,2026/11/20,1/UBND',
      content: 'Đã hót dọn <đất đá>.',
      responseFor: [OURS],
      files: [{ name: 'ket-qua.pdf', type: 'application/pdf', zipped: false }],
    })
    expect(Buffer.from(looked.attachments[0]!.fileContent, 'base64').toString('latin1')).toMatch(
      /^%PDF-1\.4[\s\S]*%%EOF\n$/,
    )
    for (const { docId, messageType } of messages) await check(Buffer.from(await xml(docId)), messageType)
  })

  it('in turn the PDF as it is and in a zip of its own; each answer with a number of its own', async () => {
    const { send, played, xml } = await exchange()
    for (const number of [1, 2]) await send(edoc(number))
    const { messages } = await played(16)
    const answers = messages.filter(({ messageType }) => messageType === 'edoc')
    expect(answers.map(({ documentId }) => documentId).toSorted()).toEqual([
      'H18.98.03,2026/11/20,1/UBND',
      'H18.98.03,2026/11/20,2/UBND',
    ])
    const heads = await Promise.all(
      answers.map(async ({ docId }) => {
        const content = (await xml(docId)).match(/ContentTransferEncoded>(.*?)</)![1]!
        const bytes = Buffer.from(content, 'base64')
        return bytes.subarray(0, 2).toString() === 'PK' ? unzipOne(bytes).name : bytes.subarray(0, 4).toString()
      }),
    )
    expect(heads.toSorted()).toEqual(['%PDF', 'ket-qua.pdf'])
  })

  it('by every receiver for itself', async () => {
    const two = edoc(123, (xml) =>
      xml.replace(/(<edXML:To>.*?<\/edXML:To>)/, (to) => to + to.replace('98.03', '98.04')),
    )
    const { send, played, outbox, agencies } = await exchange({ until: '03' })
    await send(two)
    const { messages } = await played(4)
    expect(messages.map(({ from }) => from).toSorted()).toEqual(['H18.98.03', 'H18.98.03', 'H18.98.04', 'H18.98.04'])
    expect((await outbox('edoc'))[0]!.to).toBe('H18.98.03,H18.98.04')
    expect((await agencies()).map(({ orgCode }) => orgCode)).toEqual(['H18.98.03', 'H18.98.04'])
  })

  it('an addition lies in the file of the first: no answer of its own', async () => {
    const { send, played } = await exchange()
    const addition = edoc(124, (xml) => xml.replace('<edXML:SteeringType>', `${responseFor(OURS)}<edXML:SteeringType>`))
    await send(addition)
    expect((await played(2)).names).toEqual(['01', '03'])
  })
})

describe('what an office does otherwise', () => {
  it.each<[string, Partial<Behaviour>, number, (string | null)[]]>([
    ['refuses', { refuse: 'Không thuộc thẩm quyền' }, 2, ['01', '02']],
    ['stops half-way', { until: '04' }, 3, ['01', '03', '04']],
    ['sends every status twice', { sendTwice: true, until: '03' }, 2, ['01', '01', '03', '03']],
    ['answers twice', { answerTwice: true }, 8, ['01', '03', '04', '05', '06', null, null]],
    ['sends the last first', { outOfOrder: true }, 8, [null, '06', '05', '04', '03', '01']],
    ['sends a code of its own', { unknownCode: '99', until: '04' }, 4, ['01', '03', '99', '04']],
    ['sends a status about nobody', { unknownDocument: ['status'], until: '01' }, 2, ['03', '01']],
    ['answers nobody', { unknownDocument: ['answer'], until: '01' }, 2, [null, '01']],
  ])('%s', async (_, behaviour, count, codes) => {
    const { send, played } = await exchange(behaviour)
    await send(EDOC)
    expect((await played(count)).messages.map(({ code }) => code)).toEqual(codes)
  })

  it('a reason goes with a refusal', async () => {
    const { send, played, xml } = await exchange({ refuse: 'Không thuộc thẩm quyền' })
    await send(EDOC)
    const { messages } = await played(2)
    expect(await xml(messages[1]!.docId)).toContain('<edXML:Description>Không thuộc thẩm quyền</edXML:Description>')
  })

  it('what is sent twice is the same, under two docIds', async () => {
    const { send, played, xml } = await exchange({ sendTwice: true, answerTwice: true })
    await send(EDOC)
    const { messages } = await played(8)
    const pairs = [messages.slice(0, 2), messages.slice(-2)]
    for (const [first, second] of pairs) {
      expect(first!.docId).not.toBe(second!.docId)
      expect(first!.documentId).toBe(second!.documentId)
      expect(await xml(first!.docId)).toBe(await xml(second!.docId))
    }
  })

  it('what comes out of order still says when it was', async () => {
    const { send, played, xml } = await exchange({ outOfOrder: true, until: '06' })
    await send(EDOC)
    const { messages } = await played(7)
    const stamps = await Promise.all(
      messages.map(async ({ docId }) => (await xml(docId)).match(/Timestamp>(.*?)</)?.[1]),
    )
    expect(stamps).toEqual(stamps.toSorted().toReversed())
    expect(new Set(stamps).size).toBe(5)
  })

  it('a stray is about a document that nobody sent', async () => {
    const { send, played } = await exchange({ unknownDocument: ['status', 'answer'], until: '01' })
    await send(EDOC)
    const { messages } = await played(3)
    expect(messages.map(({ responseFor: about }) => about)).toEqual([
      `${ORGAN},2026/11/20,999999/KHONG-CO`,
      `${ORGAN},2026/11/20,999999/KHONG-CO`,
      OURS,
    ])
  })

  it.each<[string, Behaviour['takeBack'], string, number]>([
    ['gives it back and works on it no more', 'agree', '15', 0],
    ['keeps it and goes on', 'refuse', '16', 8],
  ])('asked back with 13, %s', async (_, takeBack, code, steps) => {
    const store = storePath()
    const slow = await exchange({ takeBack, stepMs: 600_000 }, { store })
    const { body } = await slow.send(EDOC)
    expect((await slow.send(status('13'), 'status')).status).toBe(200)
    // Once both lie there, the offices go on at another pace: on the same store, as after a restart.
    const quick = await exchange({ until: 'nothing' }, { store })
    const { messages } = await quick.played(steps + 1)
    expect(messages.find((message) => message.code === code)).toMatchObject({ responseFor: OURS, from: 'H18.98.03' })
    await quick.control({ until: '01' })
    await quick.send(edoc(124))
    await quick.played(steps + 2)
    expect((await quick.steps()).filter(({ of }) => of === body.docId)).toHaveLength(steps)
  })

  it('a document that revokes ends the work on the first', async () => {
    const { send, played, ledger } = await exchange({ until: '01' })
    const first = (await send(EDOC)).body.docId
    const revoke = edoc(125, (xml) =>
      xml
        .replace('BussinessDocType>0', 'BussinessDocType>1')
        .replace('<edXML:Paper>', `<edXML:DocumentId>${OURS}</edXML:DocumentId><edXML:Paper>`),
    )
    expect((await send(revoke)).status).toBe(200)
    const { messages } = await played(2)
    expect(messages.map(({ code }) => code).toSorted()).toEqual(['01', '15'])
    expect((await ledger()).find((line) => line.line === 'sent' && line.docType === 1)).toMatchObject({
      stops: [first],
    })
  })
})

describe('what the exchange does otherwise', () => {
  it.each<[string, Partial<Behaviour>, number]>([
    ['is slow, and has it at once', { slowMs: 60_000 }, 1],
    ['loses the reply, and has it', { loseReplies: { every: 1 } }, 1],
    ['is away, and has nothing', { down: 'closed' }, 0],
  ])('%s', async (_, behaviour, documents) => {
    const { upload, count, control } = await exchange({ ...behaviour, until: 'nothing' })
    const sending = upload(EDOC).then(
      () => 'answered',
      () => 'broken',
    )
    await until('the document', async () => ((await count()).documents === documents ? true : undefined))
    if (behaviour.slowMs) expect(await Promise.race([sending, Promise.resolve('waiting')])).toBe('waiting')
    else expect(await sending).toBe('broken')
    expect(await count()).toMatchObject({ documents, duplicates: 0 })
    await control({ slowMs: 0 })
  })

  it('loses every second reply only', async () => {
    const { upload, count } = await exchange({ loseReplies: { every: 2 }, until: 'nothing' })
    const outcomes: unknown[] = []
    for (const number of [1, 2, 3, 4])
      outcomes.push(
        await upload(edoc(number)).then(
          ({ status: code }) => code,
          () => 0,
        ),
      )
    expect(outcomes).toEqual([200, 0, 200, 0])
    expect(await count()).toMatchObject({ documents: 4 })
  })

  it('says 503, and takes again when told so', async () => {
    const { upload, control, count } = await exchange({ down: '503' })
    expect((await upload(EDOC)).status).toBe(503)
    expect(await count()).toMatchObject({ documents: 0, refused: 0 })
    await control({ down: null })
    expect((await upload(EDOC)).status).toBe(200)
  })

  it('refuses what it is told to', async () => {
    const { send } = await exchange({ reject: '23' })
    expect(await send(EDOC)).toMatchObject({ status: 400, body: { data: { errorCode: '23' } } })
  })

  it('takes a DocumentId twice, counts it, and nobody works on it twice', async () => {
    const { send, outbox, ledger, played, count } = await exchange({ until: '03' })
    const first = await send(EDOC)
    const again = await send(EDOC)
    const other = await send(EDOC.replace('xe máy khó đi', 'ô tô khó đi'))
    expect(new Set([first, again, other].map(({ body }) => body.docId)).size).toBe(3)
    expect(await count()).toMatchObject({ documents: 3, duplicates: 2 })
    const twice = (await ledger()).filter(({ line }) => line === 'duplicate')
    expect(twice).toMatchObject([
      { docId: first.body.docId, documentId: OURS, same: true, as: again.body.docId },
      { docId: first.body.docId, documentId: OURS, same: false, as: other.body.docId },
    ])
    expect(await outbox('edoc', '&fromDate=2026/11/20&toDate=2026/11/20')).toHaveLength(3)
    expect((await played(2)).names).toEqual(['01', '03'])
  })

  it('or refuses it with the docId of the first', async () => {
    const { send, count } = await exchange({ duplicates: 'refuse', until: 'nothing' })
    const { body } = await send(EDOC)
    expect(await send(EDOC)).toMatchObject({ status: 400, body: { data: { docId: body.docId, errorCode: '24' } } })
    expect(await count()).toMatchObject({ documents: 1, duplicates: 1, refused: 1 })
  })

  it('gives edXML in base64 when told so, one of the hub’s own too', async () => {
    const { send, look } = await exchange({ edxmlAs: 'base64', until: 'nothing' })
    const { body } = await send(EDOC)
    const { edxml } = await look(body.docId)
    expect(Buffer.from(edxml, 'base64').toString()).toBe(EDOC)
  })
})

describe('lists', () => {
  it('what is done is listed by date only, and days are those of Vietnam', async () => {
    const { send, played, inbox, post } = await exchange({ until: '03' })
    await send(EDOC)
    await played(2)
    const [first] = await inbox('status')
    expect((await post('/v1/updateStatus', { docId: first!.docId, status: 'done' })).status).toBe(200)
    expect(await inbox('status')).toHaveLength(1)
    expect(await inbox('status', '&fromDate=2026/11/20&toDate=2026/11/20')).toMatchObject([
      { status: 'done' },
      { status: 'initial' },
    ])
    expect(await inbox('status', '&toDate=2026/11/19')).toEqual([])
    expect(await inbox('status', '&fromDate=2026/11/21')).toEqual([])
  })

  it('a status of the hub about an answer is kept', async () => {
    const { send, played, ledger, outbox } = await exchange()
    await send(EDOC)
    const answer = (await played(8)).messages.at(-1)!
    expect((await send(status('01', answer.documentId), 'status')).status).toBe(200)
    expect((await ledger()).at(-1)).toMatchObject({
      line: 'sent',
      messageType: 'status',
      code: '01',
      about: answer.documentId,
    })
    expect(await outbox('status')).toMatchObject([{ from: ORGAN, to: 'H18.98.03' }])
  })
})

describe('a kill', () => {
  it('loses nothing that was accepted, and the offices go on where they were', async () => {
    const store = storePath()
    const start = (behaviour: Partial<Behaviour>) =>
      startExchange({ ...AS, store, offices: 'H18.98.03=UBND xã Mường Nhé', behaviour: { now: NOW, ...behaviour } })

    const before = await start({ loseReplies: { nth: 1 }, stepMs: 600_000 })
    onTestFinished(() => before.kill())
    await client(before.url)
      .upload(EDOC)
      .catch(() => undefined)
    expect(await before.count()).toMatchObject({ documents: 1, received: 0 })
    await before.kill()
    // The kill may fall into a line: that one was never answered for.
    appendFileSync(store, '{"line":"sent","docId":"half')

    const after = await start({ stepMs: 1 })
    onTestFinished(() => after.kill())
    const { outbox, agencies, played, send } = client(after.url)
    const [sent] = await outbox('edoc')
    expect(await after.document(sent!.docId)).toBe(EDOC)
    expect((await played(8)).names.at(-1)).toBe('answer')
    expect(await agencies()).toMatchObject([{ orgCode: 'H18.98.03', orgName: 'UBND xã Mường Nhé' }])
    await send(EDOC)
    expect(await after.count()).toEqual({ documents: 2, statuses: 0, duplicates: 1, refused: 0, received: 6 })
    expect(await after.control({ slowMs: 5 })).toMatchObject({ slowMs: 5, stepMs: 1 })
    const ledger = await after.ledger()
    await after.kill()
    expect(
      readFileSync(store, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(ledger)
  })
})
