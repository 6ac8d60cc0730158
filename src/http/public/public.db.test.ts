import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Desk, type Filed, openDesk } from '../../../test/support/desk.ts'
import type { SignedInOfficer } from '../../../test/support/people.ts'
import { eraseReporter } from '../../core/reading/erase.ts'

const MINUTE = 60_000
const PLACE = { lat: 13.776543, lng: 109.223456 }
const PEOPLE = { name: 'Lò Văn Mẫu', phone: '0912 000 001' }

let desk: Desk
let triage: SignedInOfficer
beforeAll(async () => {
  // Here identity and content are secret where the reporter asks for it.
  // Nobody may hide in this sketch: here they may.
  desk = await openDesk({
    profile: 'binh-dinh',
    change: (version) => {
      const source = 'Quyết định 663/QĐ-UBND, Điều 9'
      version.hiding = { by: ['intake'], supervisedBy: ['operator'], grounds: ['out-of-scope'], source }
    },
  })
  triage = await desk.as('triage')
})
afterAll(() => desk.close())

const file = (more: object = {}) => desk.report({ category: 'health', ...PLACE, ...more })
async function published(more: object = {}): Promise<Filed> {
  const filed = await file(more)
  desk.clock.move(MINUTE)
  await desk.do(triage, 'cases/answer', filed.caseId, { text: 'Đã xử lý xong' })
  return filed
}

interface Listed {
  readonly code: string
}
const get = async (path: string, headers: Readonly<Record<string, string>> = {}) => {
  const answer = await fetch(`${desk.url}/api/v1/public/reports${path}`, { headers })
  const text = await answer.text()
  // biome-ignore lint/suspicious/noExplicitAny: what the contract says is checked by its schema on the way out
  const body: any = text === '' ? undefined : JSON.parse(text)
  return { status: answer.status, headers: answer.headers, text, body }
}
const codes = async (query = ''): Promise<string[]> =>
  (await get(`?limit=100${query}`)).body.items.map(({ code }: Listed) => code)
const onMap = async (query = ''): Promise<string[]> =>
  (await get(`.geojson?${query}`)).body.features.map(({ id }: { id: string }) => id)

describe('what everybody may see', () => {
  it('is what was answered and published, and nothing else', async () => {
    const open = await file()
    const secret = await published({ contentSecret: true })
    const hidden = await published()
    await desk.do(triage, 'cases/hide', hidden.caseId, { ground: 'out-of-scope', why: 'xúc phạm' })
    const gone = await published()
    await eraseReporter(desk.ports, 'system', { code: gone.code, why: 'asked' })
    const again = await published()
    await desk.do(triage, 'cases/reopen', again.caseId, { why: 'chưa xong', disputed: false })
    const seen = await published()
    for (const listed of [await codes(), await onMap()]) {
      expect(listed).toContain(seen.code)
      for (const { code } of [open, secret, gone, again]) expect(listed).not.toContain(code)
    }
    expect(await codes()).not.toContain(hidden.code)
  })

  it('says what and what was answered, and of who it was nothing', async () => {
    const { code } = await published({
      ...PEOPLE,
      content: 'Gọi Lò Văn Mẫu, 0912 000 001: rác chất đống ở cổng chợ',
      address: 'cổng chợ, gọi 0912 000 001',
    })
    const [item] = (await get(`?code=${code}`)).body.items
    expect(item).toEqual({
      ...{ code, category: 'health', status: 'answered', title: expect.any(String), address: 'cổng chợ, gọi ●●●' },
      text: 'Gọi ●●●, ●●●: rác chất đống ở cổng chợ',
      answer: 'Đã xử lý xong',
      ...{ receivedAt: expect.any(String), publishedAt: expect.any(String) },
      point: { lat: 13.77654, lng: 109.22346 },
    })
    const all = (await get('?limit=100')).text + (await get('.geojson')).text
    for (const mark of ['Lò Văn Mẫu', '912 000', '912000']) expect(all).not.toContain(mark)
  })

  it('is not where a reporter lives who wants to stay unknown: neither by what is shown nor by what is asked', async () => {
    const { code } = await published({ identitySecret: true, address: 'nhà tôi, số 7' })
    const [item] = (await get(`?code=${code}`)).body.items
    expect([item.point, item.address]).toEqual([{ lat: 13.777, lng: 109.223 }, null])
    const [feature] = (await get(`.geojson?bbox=109.223,13.777,109.223,13.777`)).body.features
    expect(feature).toMatchObject({ id: code, geometry: { type: 'Point', coordinates: [109.223, 13.777] } })
    // A box around where it really is finds nothing.
    expect(await onMap('bbox=109.2234,13.7765,109.2235,13.7766')).not.toContain(code)
  })

  it('is a matter once, whoever else reported it', async () => {
    const content = 'Cột điện trước cổng chợ bị gãy, dây rơi xuống đường'
    const [older, newer] = [await file({ content }), await file({ content })]
    expect((await desk.view(newer.caseId)).status).toBe('joined')
    await desk.do(triage, 'cases/answer', older.caseId, { text: 'Đã sửa' })
    const listed = await codes()
    expect([older, newer].map(({ code }) => listed.includes(code))).toEqual([true, false])
  })
})

describe('asked for', () => {
  it('in pages that neither skip nor repeat, newest first', async () => {
    const all = await codes()
    expect(all.length).toBeGreaterThan(3)
    const paged: string[] = []
    for (let after: string | null = ''; after !== null; ) {
      const { body } = await get(`?limit=2${after && `&after=${after}`}`)
      paged.push(...body.items.map(({ code }: Listed) => code))
      after = body.after
    }
    expect(paged).toEqual(all)
  })

  it('by place, category, status, day and code', async () => {
    const far = await published({ lat: 14.5, lng: 108.9, category: 'ict' })
    const closed = await published()
    await desk.do(triage, 'cases/close', closed.caseId, { why: 'xong' })
    desk.clock.move(MINUTE)
    const at = desk.clock.now().toISOString()
    const later = await published()
    for (const listed of [codes, (query: string) => onMap(query.slice(1))]) {
      expect(await listed('&bbox=108,14,109,15')).toEqual([far.code])
      expect(await listed('&category=ict,transport')).toEqual([far.code])
      expect(await listed('&status=closed')).toEqual([closed.code])
      expect(await listed('&status=answered')).not.toContain(closed.code)
      expect(await listed(`&since=${at}`)).toEqual([later.code])
    }
    expect(await codes(`&code=${later.code.toLowerCase()}`)).toEqual([later.code])
    expect(await codes('&code=nothing')).toEqual([])
  })

  it.each([
    '?bbox=1,2,3',
    '?bbox=9,0,1,2',
    '?bbox=a,b,c,d',
    '?bbox=0,0,999,1',
    '.geojson?bbox=1',
    '?status=asked',
    '?since=yesterday',
    '?limit=0',
    '?limit=101',
    '?after=x',
    '?category=%00',
  ])('otherwise is a mistake that is named: %s', async (query) => {
    const { status, body } = await get(query)
    expect([status, body.type]).toEqual([400, 'urn:paht:problem:invalid'])
  })

  it('again, nothing is sent that has not changed', async () => {
    for (const path of ['', '.geojson']) {
      const first = await get(path)
      const etag = first.headers.get('etag')!
      expect(first.headers.get('cache-control')).toBe('public, max-age=60')
      expect(first.headers.get('access-control-allow-origin')).toBe('*')
      const again = await get(path, { 'if-none-match': `"other", W/${etag}` })
      expect([again.status, again.text, again.headers.get('etag')]).toEqual([304, '', etag])
    }
    const before = (await get('')).headers.get('etag')!
    await published()
    expect((await get('', { 'if-none-match': before })).status).toBe(200)
  })

  it('for a map, it is GeoJSON', async () => {
    const { headers, body } = await get('.geojson')
    expect(headers.get('content-type')).toMatch(/^application\/geo\+json/)
    expect([body.type, body.more]).toEqual(['FeatureCollection', false])
  })
})

describe('a province that publishes nothing', () => {
  it('shows nothing', async () => {
    const closed = await openDesk({
      profile: 'binh-dinh',
      change: (version) => Object.assign(version.publication, { report: 'never' }),
    })
    const filed = await closed.report({ category: 'health', ...PLACE })
    await closed.do(await closed.as('triage'), 'cases/answer', filed.caseId, { text: 'Đã xử lý xong' })
    const answer = await fetch(`${closed.url}/api/v1/public/reports`)
    expect(await answer.json()).toEqual({ items: [], after: null })
    await closed.close()
  })
})
