import { asc, eq } from 'drizzle-orm'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestServer, testServer } from '../../../test/support/server.ts'
import { fileLink } from '../../core/delivery/compose.ts'
import { eraseReporter } from '../../core/reading/erase.ts'
import { files, submissions } from '../../core/tables/index.ts'

const DAY = 24 * 3600_000
const ARTIST = 'Lo Van Mau'

let t: TestServer
let code: string
/** Of a photo, of its copy without metadata, and of a photo that cannot be cleaned. */
let [original, clean, broken] = ['', '', '']

beforeAll(async () => {
  t = await testServer()
  const photo = await sharp({ create: { width: 40, height: 30, channels: 3, background: '#777' } })
    .withExif({ IFD0: { Artist: ARTIST }, IFD3: { GPSMapDatum: ARTIST } })
    .jpeg()
    .toBuffer()
  expect(photo.includes(ARTIST)).toBe(true)
  const form = new FormData()
  for (const [name, value] of Object.entries({ name: ARTIST, phone: '0912345678', content: 'Hố ga mất nắp' }))
    form.append(name, value)
  form.append('photos', new Blob([new Uint8Array(photo)]), `nhà ${ARTIST}.jpg`)
  form.append('photos', new Blob([new Uint8Array(photo.subarray(0, 400))]), 'cut.jpg')
  const sent = await fetch(`${t.url}/api/v1/reports`, { method: 'POST', body: form })
  code = ((await sent.json()) as { code: string }).code
  await t.work()
  const rows = await t.ports.db.select().from(files).orderBy(asc(files.seq), asc(files.variant))
  expect(rows.map(({ variant }) => variant)).toEqual(['clean', 'original', 'original'])
  ;[clean, original, broken] = rows.map(({ id }) => id) as [string, string, string]
})
afterAll(() => t.close())

function link(id: string, days = 7): URL {
  const signed = new URL(fileLink(t.ports, id, new Date(t.clock.now().getTime() + days * DAY)))
  return new URL(`${t.url}${signed.pathname}${signed.search}`)
}

function changed(url: URL, change: Readonly<Record<string, string | undefined>>): URL {
  const other = new URL(url)
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined) other.searchParams.delete(name)
    else other.searchParams.set(name, value)
  }
  return other
}

describe('a photo behind its link', () => {
  it('comes as a download that no page can run, without cookies and without what the camera knew', async () => {
    const answer = await fetch(link(clean))
    const bytes = Buffer.from(await answer.arrayBuffer())
    expect(answer.status).toBe(200)
    const { date: _, ...headers } = Object.fromEntries(answer.headers)
    expect(headers).toEqual({
      'content-type': 'image/jpeg',
      'content-length': String(bytes.length),
      'content-disposition': `attachment; filename="${code}-1.jpg"`,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'cache-control': 'private, no-store',
      'cross-origin-resource-policy': 'same-origin',
      connection: 'keep-alive',
      'keep-alive': expect.any(String),
    })
    expect(await sharp(bytes).metadata()).toMatchObject({ format: 'jpeg', width: 40, height: 30 })
    expect(bytes.includes(ARTIST)).toBe(false)
  })

  it('can be asked for its head alone', async () => {
    const answer = await fetch(link(clean), { method: 'HEAD' })
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/jpeg'])
  })
})

describe('a file that is not there for the asker', () => {
  it.each<[string, () => URL]>([
    ['no signature', () => changed(link(clean), { signature: undefined })],
    ['no end', () => changed(link(clean), { expires: undefined })],
    ['another signature', () => changed(link(clean), { signature: 'A'.repeat(22) })],
    ['an empty signature', () => changed(link(clean), { signature: '' })],
    ['a longer signature', () => changed(link(clean), { signature: 'A'.repeat(500) })],
    ['a later end', () => changed(link(clean), { expires: '9999999999' })],
    ['an end that is no number', () => changed(link(clean), { expires: 'never' })],
    ['an end that is over', () => link(clean, -1 / 86_400)],
    [
      'the signature of another file',
      () => changed(link(clean), { signature: link(original).searchParams.get('signature')! }),
    ],
    ['the original, with metadata', () => link(original)],
    ['the original of what cannot be cleaned', () => link(broken)],
    ['one that never was', () => link('0'.repeat(64))],
    ['the key of everything', () => link('..%2f..%2fsecret.key')],
  ])('is not found: %s', async (_, url) => {
    const answer = await fetch(url())
    expect(answer.status).toBe(404)
    expect(await answer.json()).toMatchObject({ type: 'urn:paht:problem:no-such' })
  })

  it('is not found a week and a second after the link was made', async () => {
    const url = link(clean)
    t.clock.move(7 * DAY)
    expect((await fetch(url)).status).toBe(200)
    t.clock.move(1000)
    expect((await fetch(url)).status).toBe(404)
  })

  it('is not found once its reporter is erased, nor are its bytes', async () => {
    const url = link(clean)
    await eraseReporter(t.ports, 'system', { code, why: 'asked for' })
    expect((await fetch(url)).status).toBe(404)
    for (const id of [clean, original, broken]) expect(await t.ports.files.stat(id)).toBeUndefined()
    const [row] = await t.ports.db.select().from(submissions).where(eq(submissions.code, code))
    expect(row?.item).toHaveLength(0)
  })
})
