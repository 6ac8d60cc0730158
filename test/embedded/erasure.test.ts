import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { dumpDatabase, openDump } from '../support/dump.ts'
import { startOffice } from '../support/office/process.ts'
import { paht, startProduct } from '../support/product.ts'
import { makeSearch, searchFolder } from '../support/search.ts'
import { until } from '../support/until.ts'
import { type Change, makeVariant } from '../support/variant.ts'

/** Everything of hers that a report can carry. She and all of it are invented. */
const MARKS = {
  name: 'Lò Thị Hoài Thương',
  'name in the text': 'LÒ THỊ HOÀI THƯƠNG',
  'given name in the text': 'Hoài Thương',
  phone: '0915550237',
  'phone in the text': '+84 (0)915.550.237',
  'phone in the title': '0915-550-237',
  'phone in the category': '84915550237',
  'mail address': 'hoaithuong.lo@example.vn',
  'mail address in the text': 'chong.cua.chi.lo@example.com',
  'identity number in the text': '011190004711',
  'plate in the text': '27B1-471.13',
  'name in the file’s name': 'Lo-Thi-Hoai-Thuong-nha-rieng',
  'artist in the photo': 'May anh cua Lo Hoai T.',
  'place in the photo': 'san nha Lo Hoai T.',
  'name in the key': 'idempotency-lo-thi-hoai-thuong-1',
} as const

const STAYS = 'Hố ga trước cổng trường mất nắp đã ba ngày'
const TEXT = [
  `${STAYS}, ở xã Mường Nhé.`,
  `Tôi là ${MARKS['name in the text']}, gọi ${MARKS['phone in the text']} hoặc thư ${MARKS['mail address in the text']}.`,
  `CCCD ${MARKS['identity number in the text']}, xe của tôi biển số ${MARKS['plate in the text']}. Xin gặp chị ${MARKS['given name in the text']}.`,
].join('\n')
const ANSWER = [
  `Kính gửi bà ${MARKS.name} (${MARKS['phone in the text']}, ${MARKS['mail address']}):`,
  `nắp hố ga đã lắp. CCCD ${MARKS['identity number in the text']}, xe ${MARKS['plate in the text']}. Cảm ơn chị ${MARKS['given name in the text']}.`,
].join(' ')
const WHY = `Đơn của bà ${MARKS.name}, ${MARKS.phone}`

const secretOf = (byte: number) => `whsec_${Buffer.alloc(32, byte).toString('base64')}`
const SECRETS = { secret: secretOf(1), callbackSecret: secretOf(2) }
const search = makeSearch(MARKS)

/** What was found where, each once: `report.text: name in the text`. */
interface Seen {
  /** Before the erasure: what left the house, what the reporter and staff see, what rests in the clear. */
  readonly outside: readonly string[]
  /** Before the erasure, with the key. */
  readonly sealed: readonly string[]
  /** After it: in the tables, with the key that is left, and in every file and log. */
  readonly left: readonly string[]
  /** The files in which what may stay was found after it, so that one knows the search can see into them. */
  readonly control: readonly string[]
}

/** The whole way of one report: in, to the office, answered, erased; and what can be found of its reporter on the way and in the end. */
async function followOne({ dist, erased = true }: { dist?: string; erased?: boolean } = {}): Promise<Seen> {
  const folder = await mkdtemp(join(tmpdir(), 'paht-erasure-'))
  /** All that the product writes. */
  const ours = join(folder, 'ours')
  const [dataDir, log, store] = [join(ours, 'data'), join(ours, 'product.log'), join(folder, 'office.jsonl')]
  await mkdir(ours)
  const at = dist === undefined ? {} : { dist }
  const env = { LOG_LEVEL: 'debug' }
  const product = await startProduct({ dataDir, logFile: log, env, ...at })
  const command = (...args: readonly string[]) => paht(args, { PAHT_DATA_DIR: dataDir, ...env }, dist)
  const link = { store, urlOfHub: product.url, link: 'office', ...SECRETS }
  const office = await startOffice({ ...link, behaviour: { answers: true, answerText: ANSWER } })
  try {
    const settings = { url: office.url, lookupUrl: office.lookupUrl, allow: ['127.0.0.0/8'], ...SECRETS }
    const config = join(folder, 'config.yaml')
    await writeFile(
      config,
      stringify({ links: [{ id: 'office', kind: 'webhook', name: 'o', serves: ['*'], settings }] }),
    )
    expect(await command('config', 'apply', config)).toMatchObject({ code: 0 })
    await rm(config)

    const { code, view } = await send(product.url)
    const seen: [string, Uint8Array][] = []
    const token = await until(
      'the token is shown',
      async () => /^ {4}(paht_\S+)$/m.exec(await readFile(log, 'utf8'))?.[1],
    )
    const staff = { authorization: `Bearer ${token}` }
    const ask = async (path: string) =>
      Buffer.from(await (await fetch(product.url + path, { headers: staff })).arrayBuffer())
    await until('it is answered', async () => ((await view()).includes('"status":"answered"') ? true : undefined))
    const cases = JSON.parse(String(await ask('/api/v1/cases'))) as { items: { id: string }[] }
    const deliveries = JSON.parse(String(await ask('/api/v1/deliveries'))) as { items: { id: string }[] }
    const [held] = await office.ledger()
    expect(held).toMatchObject({ code, files: [{ type: 'image/jpeg' }] })
    seen.push(['the office', Buffer.from(JSON.stringify(held))])
    seen.push(['the photo at the office', Buffer.from(await (await fetch(held!.files[0]!.url)).arrayBuffer())])
    seen.push(['the reporter’s view', Buffer.from(await view())])
    seen.push(['a case', await ask(`/api/v1/cases/${cases.items[0]!.id}`)])
    seen.push(['what went over the wire', await ask(`/api/v1/deliveries/${deliveries.items[0]!.id}`)])
    for (const path of ['/api/v1/submissions', '/api/v1/updates', '/metrics']) seen.push([path, await ask(path)])
    seen.push(['the log', await readFile(log)])
    const before = await dumpDatabase(dataDir)
    for (const { column, bytes } of before) seen.push([column, bytes])
    const sealed = await openDump(dataDir, before)

    const alive = { outside: findings(seen), sealed: findings(sealed.map(({ column, bytes }) => [column, bytes])) }
    if (!erased) return { ...alive, left: [], control: [] }

    expect(await command('erase', code, '--why', WHY)).toMatchObject({ code: 0 })
    const after = await dumpDatabase(dataDir)
    const openable = await openDump(dataDir, after)
    await product.stop()
    const left = [...after, ...openable].map(({ column, bytes }) => [column, bytes] as const)
    return {
      ...alive,
      left: [...findings(left), ...searchFolder(ours, search).map((found) => found.replace(ours, ''))],
      control: searchFolder(ours, makeSearch({ STAYS })).map((found) => found.replace(ours, '')),
    }
  } finally {
    await product.kill()
    await office.kill()
    await rm(folder, { recursive: true, force: true })
  }
}

function findings(seen: readonly (readonly [where: string, bytes: Uint8Array])[]): string[] {
  return [...new Set(seen.flatMap(([where, bytes]) => search(bytes).map((mark) => `${where}: ${mark}`)))].sort()
}

async function send(url: string): Promise<{ code: string; view(): Promise<string> }> {
  const photo = await sharp({ create: { width: 64, height: 48, channels: 3, background: '#888' } })
    .withExif({ IFD0: { Artist: MARKS['artist in the photo'] }, IFD3: { GPSMapDatum: MARKS['place in the photo'] } })
    .jpeg()
    .toBuffer()
  const form = new FormData()
  const fields = {
    name: MARKS.name,
    phone: MARKS.phone,
    email: MARKS['mail address'],
    title: `Hố ga mất nắp, gọi ${MARKS['phone in the title']}`,
    category: `Hạ tầng ${MARKS['phone in the category']}`,
    address: `cổng trường, gần nhà ${MARKS.name}`,
    content: TEXT,
  }
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  form.append('photo', new Blob([new Uint8Array(photo)]), `${MARKS['name in the file’s name']}.jpg`)
  const headers = { 'idempotency-key': MARKS['name in the key'] }
  const answer = await fetch(`${url}/api/v1/reports`, { method: 'POST', headers, body: form })
  expect(answer.status).toBe(201)
  const { code, link } = (await answer.json()) as { code: string; link: string }
  return { code, view: async () => (await fetch(link)).text() }
}

describe('the search', () => {
  const name = MARKS.name
  const utf16 = Buffer.from(`>${name}<`, 'utf16le')
  it.each<[string, Buffer | string, string[]]>([
    ['as it is written', `Gửi ${name}!`, ['name']],
    ['with its accents apart', name.normalize('NFD'), ['name']],
    ['in capitals without accents', 'LO THI HOAI THUONG', ['name']],
    ['as one word', 'lothihoaithuong', ['name']],
    ['in UTF-16', utf16, ['name']],
    ['in UTF-16 the other way round', Buffer.from(utf16).swap16(), ['name']],
    ['in hex', Buffer.from(`x${name}`).toString('hex'), ['name']],
    ['in Base64', Buffer.from(`a${name} và nhiều nữa`).toString('base64'), ['name']],
    ['in Base64 elsewhere', Buffer.from(`ab${name} và nhiều nữa`).toString('base64url'), ['name']],
    [
      'in JSON',
      JSON.stringify(name).replace(/[^ -~]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`),
      ['name'],
    ],
    ['in a URL', `?q=${encodeURIComponent(name)}`, ['name']],
    ['as a number with its country', '+84915550237', ['phone']],
    ['as the end of the bytes', '\u0000\u00000915550237', ['phone']],
    ['not where it is not', `${name.slice(0, -1)} 091555023 Lò Thị`, []],
  ])('finds a mark %s', (_, hay, found) => {
    expect(makeSearch({ name, phone: MARKS.phone })(Buffer.from(hay))).toEqual(found)
  })
})

describe('who sent a report', () => {
  it('is found nowhere outside, with the key where it belongs, and nowhere at all once erased', async () => {
    const { outside, sealed, left, control } = await followOne()
    expect(outside).toEqual([])
    const home: Readonly<Record<string, readonly (keyof typeof MARKS)[]>> = {
      'public.reporter.contact': ['name', 'phone', 'mail address'],
      'submission.item': Object.keys(MARKS).filter((mark) => !mark.endsWith('photo')) as (keyof typeof MARKS)[],
      'file original': ['artist in the photo', 'place in the photo'],
    }
    for (const [where, marks] of Object.entries(home))
      for (const mark of marks) expect(sealed).toContain(`${where.replace('public.', '')}: ${mark}`)
    expect(sealed.filter((found) => /^(?:trace|file clean)/.test(found))).toEqual([])
    expect(left).toEqual([])
    for (const folder of ['base', 'pg_wal'])
      expect(control).toContainEqual(expect.stringContaining(`/postgres/${folder}/`))
  })
})

describe('a product that forgets', () => {
  it.each<[string, Change, keyof Seen, string]>([
    [
      'to mask',
      {
        file: 'normalize/mask.js',
        from: 'export function maskThese(text, personal) {',
        to: 'export function maskThese(text) { return text',
      },
      'outside',
      'the office: phone in the title',
    ],
    [
      'to take the quotes out of answers',
      {
        file: 'core/reading/without-contacts.js',
        from: 'export function withoutContacts(text, contacts) {',
        to: 'export function withoutContacts(text) { return text',
      },
      'outside',
      'the reporter’s view: name',
    ],
    [
      'to destroy the key and what it opens',
      {
        file: 'core/reading/erase.js',
        from: 'await a.tx.delete(dataKeys).where(eq(dataKeys.id, submission.keyId)); await eraseRaw(a, submission);',
        to: '',
      },
      'left',
      'submission.item: phone',
    ],
  ])('%s is caught', async (_, change, where, found) => {
    const variant = await makeVariant([change])
    try {
      expect((await followOne({ dist: variant.dist, erased: where === 'left' }))[where]).toContain(found)
    } finally {
      await variant.remove()
    }
  })
})
