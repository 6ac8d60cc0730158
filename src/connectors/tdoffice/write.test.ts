import { afterEach, describe, expect, it, vi } from 'vitest'
import { check } from '../../../test/support/exchange/check.ts'
import { AT, DELIVERY, DOCUMENT, file, LINK, ORGAN, PHOTO, secret } from '../../../test/support/tdoffice.ts'
import type { OutgoingDelivery } from '../connector.ts'
import { TdofficeSettings } from './settings.ts'
import { dayOf, daysLater, momentOf, stampOf } from './time.ts'
import { documentXml, statusXml } from './write.ts'

const SETTINGS = TdofficeSettings.parse(LINK)

const WRITING = { settings: SETTINGS, at: AT }

async function written(change: Partial<OutgoingDelivery> = {}, writing = WRITING): Promise<string> {
  return (await documentXml({ ...DELIVERY, ...change }, DOCUMENT, writing)).toString()
}

/** The text of the first element of this name. */
function text(xml: string, name: string): string | undefined {
  return new RegExp(`<edXML:${name}>([^<]*)</edXML:${name}>`).exec(xml)?.[1]
}

async function taken(xml: string) {
  const edoc = await check(Buffer.from(xml), 'edoc')
  const data = JSON.parse(edoc.files[0]!.bytes.toString())
  return { ...edoc, data }
}

const FOLLOWS = { number: 99, day: '2026-11-18', id: `${ORGAN},2026/11/18,99/PC-IOC` }
const { address: _a, point: _p, unit: _u, dueAt: _d, ...BARE } = DELIVERY

describe('a document', () => {
  it.each<[string, OutgoingDelivery]>([
    ['with everything', DELIVERY],
    ['with nothing optional', { ...secret(BARE), files: [] }],
    ['of an urgent case', { ...DELIVERY, urgent: true }],
    ['that adds to another', { ...DELIVERY, kind: 'addition', follows: FOLLOWS }],
    ['that adds to what went another way', { ...DELIVERY, kind: 'addition' }],
    ['of markup', { ...DELIVERY, title: '</edXML:Subject><a b="\'">&amp;', text: ']]><!DOCTYPE x>&#0;<script>' }],
    ['of letters that no XML holds', { ...DELIVERY, title: 'a\0b\u000bc\ud800d', text: '\ufffe x\r\ny \u{1f600}' }],
  ])('%s passes the exchange’s schema, prefixes and cross references', async (_, delivery) => {
    const xml = (await documentXml(delivery, DOCUMENT, WRITING)).toString()
    expect(await taken(xml)).toMatchObject({ documentId: DOCUMENT.id, docType: 0, from: { id: ORGAN } })
  })

  it('says what a clerk must know', async () => {
    const edoc = await taken(await written())
    expect(edoc.subject).toBe('V/v giải quyết phản ánh hiện trường số DB-26-0004-K7: Sụt ta luy dương QL4H, Km 84+300')
    expect(edoc.content.split('\n')).toEqual([
      'Sụt ta luy, đất đá tràn nửa mặt đường, xe máy khó đi.',
      'Địa điểm: Km 84+300 QL4H',
      'Đơn vị hành chính: Xã Mường Nhé',
      'Tọa độ (WGS 84): 22.1881, 102.4467',
      'Tiếp nhận lúc: 20/11/2026 07:58',
      'Hạn xử lý: 01/12/2026 00:30',
      'Số phản ánh của vụ việc: 2',
      'Người phản ánh: Lò Văn Mẫu, +84900000001, mau@example.vn',
    ])
    expect(edoc.to).toEqual([{ id: 'H18.98.03', inCharge: 'UBND tỉnh Điện Biên', name: 'UBND xã Mường Nhé' }])
  })

  it.each([
    [false, '0'],
    [true, '3'],
  ])('has its priority where urgent is %s', async (urgent, priority) => {
    expect(text(await written({ urgent }), 'Priority')).toBe(priority)
  })

  it('names the document that it adds to', async () => {
    const edoc = await taken(await written({ kind: 'addition', follows: FOLLOWS }))
    expect(edoc.responseFor).toEqual([FOLLOWS.id])
    expect(edoc.subject).toMatch(/^V\/v bổ sung/)
    expect(edoc.data).toMatchObject({ kind: 'addition', follows: FOLLOWS.id })
  })

  it('keeps a secret reporter out of everything, and says so', async () => {
    const xml = (await documentXml(secret(DELIVERY), DOCUMENT, WRITING)).toString()
    const edoc = await taken(xml)
    expect(edoc.content).toContain('Người phản ánh: giữ bí mật theo quy chế')
    const all = [xml, ...edoc.files.flatMap(({ name, bytes }) => [name, bytes.toString()])].join('\n')
    for (const mark of ['Lò Văn Mẫu', '900000001', 'mau@example']) expect(all).not.toContain(mark)
    expect(edoc.data).not.toHaveProperty('reporter')
  })

  it('does not call a reporter secret who left no contact', async () => {
    const { content } = await taken(await written({ reporter: {} }))
    expect(content).toContain('không để lại thông tin')
  })

  it('carries nothing of a delivery beyond what is documented', async () => {
    const overfull = {
      ...DELIVERY,
      reporterId: 'mark-1',
      agency: { ...DELIVERY.agency, phone: 'mark-2' },
      reporter: { ...DELIVERY.reporter, nationalId: 'mark-3' },
      files: [{ ...file('a.jpg', 8), path: 'mark-4' }],
    }
    const xml = (await documentXml(overfull, DOCUMENT, WRITING)).toString()
    expect(xml + JSON.stringify((await taken(xml)).data)).not.toContain('mark-')
  })

  it('is the same in every attempt but for the hour', async () => {
    const later = { ...WRITING, at: new Date(AT.getTime() + 3_600_000) }
    expect(await written()).toBe(await written())
    expect(await written({}, later)).toBe((await written()).replaceAll('2026/11/20 08:00:05', '2026/11/20 09:00:05'))
  })

  it('takes long text whole', async () => {
    const { content } = await taken(await written({ text: 'Dài '.repeat(20_000).trim() }))
    expect(content.startsWith('Dài '.repeat(19_999))).toBe(true)
  })
})

describe('files', () => {
  it.each(['plain', 'zip'] as const)('arrive byte for byte, %s', async (attachments) => {
    const edoc = await taken(await written({}, { ...WRITING, settings: { ...SETTINGS, attachments } }))
    expect(edoc.files.map(({ name, zipped }) => [name, zipped])).toEqual([
      ['paht.json', attachments === 'zip'],
      ['DB-26-0004-K7-1.jpg', attachments === 'zip'],
    ])
    expect(edoc.files[1]!.bytes).toEqual(PHOTO)
  })

  it('too large for an exchange go as a link and are not read', async () => {
    const unread = () => Promise.reject(new Error('read'))
    const files = [file('video.mp4', 20_000_001, unread), file('a.jpg', 8)]
    const edoc = await taken(await written({ files }))
    expect(edoc.files.map(({ name }) => name)).toEqual(['paht.json', 'a.jpg'])
    expect(edoc.content).toContain(`video.mp4 (image/jpeg, 20.0 MB): ${files[0]!.url}`)
    expect(edoc.data.files).toEqual([
      { name: 'video.mp4', type: 'image/jpeg', size: 20_000_001, url: files[0]!.url },
      { name: 'a.jpg', type: 'image/jpeg', size: 8 },
    ])
  })

  it('stay below 45 MB of Base64 together', async () => {
    const files = [1, 2, 3].map((n) => file(`${n}.jpg`, 16_000_000))
    const edoc = await taken(await written({ files }))
    expect(edoc.files.map(({ name }) => name)).toEqual(['paht.json', '1.jpg', '2.jpg'])
    expect(edoc.content).toContain('3.jpg')
  })
})

it.each(['01', '03'] as const)('a status %s of ours passes the exchange’s check', async (code) => {
  const of = 'H18.98.03,2026/11/21,7/UBND-VP'
  const edoc = await check(statusXml({ of, code }, WRITING), 'status')
  expect(edoc).toMatchObject({ messageType: 'status', code, about: of, from: { id: ORGAN } })
  const quirk = { ...WRITING, settings: { ...SETTINGS, statusElement: 'MessageStatus' as const } }
  expect(statusXml({ of, code }, quirk).toString()).toContain('<edXML:MessageStatus>')
})

describe.each(['Asia/Ho_Chi_Minh', 'America/Los_Angeles'])('times on a machine in %s', (zone) => {
  afterEach(() => vi.unstubAllEnvs())

  it.each([
    ['2026-11-19T16:59:59Z', '2026-11-19', '2026/11/19 23:59:59'],
    ['2026-11-19T17:00:00Z', '2026-11-20', '2026/11/20 00:00:00'],
    ['2026-12-31T17:00:00Z', '2027-01-01', '2027/01/01 00:00:00'],
  ])('are Vietnam’s at %s', (moment, day, stamp) => {
    vi.stubEnv('TZ', zone)
    expect(dayOf(new Date(moment))).toBe(day)
    expect(stampOf(new Date(moment))).toBe(stamp)
    expect(momentOf(stamp)).toEqual(new Date(moment))
  })

  it('write the day of a deadline, and pack the same zip', async () => {
    vi.stubEnv('TZ', zone)
    expect(text(await written(), 'DueDate')).toBe('2026/12/01')
    const zipped = await written({}, { ...WRITING, settings: { ...SETTINGS, attachments: 'zip' } })
    expect(zipped).toContain('UEsDBBQAAAAIAAAAIQ')
  })

  it.each(['2026/02/31 10:00:00', '2026/13/01 10:00:00', '2026/11/20', 'hôm nay', ''])(
    'are not read from %j',
    (stamp) => {
      vi.stubEnv('TZ', zone)
      expect(momentOf(stamp)).toBeUndefined()
    },
  )

  it('count days over the end of a month', () => {
    vi.stubEnv('TZ', zone)
    expect([daysLater('2026-03-01', -1), daysLater('2026-12-31', 1)]).toEqual(['2026-02-28', '2027-01-01'])
  })
})
