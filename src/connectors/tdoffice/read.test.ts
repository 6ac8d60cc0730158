import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { zipSync } from 'fflate'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { ORGAN } from '../../../test/support/tdoffice.ts'
import { MAX_EDXML_BYTES } from './parse.ts'
import { read } from './read.ts'
import { understand } from './updates.ts'

const SAMPLES = join(import.meta.dirname, '../../../test/support/exchange/samples')
const STATUS = readFileSync(join(SAMPLES, 'sample-status.edxml'), 'utf8')
const EDOC = readFileSync(join(SAMPLES, 'sample-edoc.edxml'), 'utf8')
const OURS = `${ORGAN},2026/11/20,123/PC-IOC`
const AT = new Date('2026-11-20T02:00:00Z')
const PDF = Buffer.from('%PDF-1.7 signed\n')

function updateOf(xml: string | Buffer) {
  return understand({ docId: 'd1', edxml: Buffer.from(xml), at: AT }, ORGAN)
}

function responseFor(documentId: string): string {
  const [organ, date, code] = documentId.split(',')
  return `<edXML:ResponseFor><edXML:OrganId>${organ}</edXML:OrganId><edXML:Code>${code}</edXML:Code><edXML:PromulgationDate>${date}</edXML:PromulgationDate><edXML:DocumentId>${documentId}</edXML:DocumentId></edXML:ResponseFor>`
}

const OFFICE = 'H18.98.03,2026/11/21,7/UBND-VP'

/** An office's letter with one file, in answer to ours unless told otherwise. */
function letter({
  refers = responseFor(OURS),
  encoded = PDF.toString('base64'),
  name = 'ket-qua.pdf',
  docType = '0',
} = {}) {
  return EDOC.replace('<edXML:SteeringType>', `${refers}<edXML:SteeringType>`)
    .replace('<edXML:From><edXML:OrganId>H18.99.01', '<edXML:From><edXML:OrganId>H18.98.03')
    .replace(
      /<edXML:DocumentId>H18.99.01,2026\/11\/20,123\/PC-IOC<\/edXML:DocumentId>\s*<\/edXML:MessageHeader>/,
      `<edXML:DocumentId>${OFFICE}</edXML:DocumentId></edXML:MessageHeader>`,
    )
    .replace('BussinessDocType>0', `BussinessDocType>${docType}`)
    .replace(
      /<ContentTransferEncoded>.*<\/ContentTransferEncoded>/,
      `<ContentTransferEncoded>${encoded}</ContentTransferEncoded>`,
    )
    .replaceAll('AttachmentName>paht.json', `AttachmentName>${name}`)
}

const CONTENT = 'Sụt ta luy, đất đá tràn nửa mặt đường, xe máy khó đi. Người phản ánh: giữ bí mật (Điều 5 khoản 5).'

describe('a status', () => {
  it.each([
    ['01', 'arrived'],
    ['02', 'refused'],
    ['03', 'taken'],
    ['04', 'in-progress'],
    ['05', 'in-progress'],
    ['06', 'completed'],
    ['13', 'unknown'],
    ['14', 'unknown'],
    ['15', 'unknown'],
    ['16', 'unknown'],
    ['07', 'unknown'],
    ['3', 'unknown'],
    ['', 'unknown'],
  ])('%s is %s', (code, kind) => {
    expect(updateOf(STATUS.replace('StatusCode>03', `StatusCode>${code}`)).updates).toEqual([
      {
        event: 'status:d1',
        of: OURS,
        from: 'H18.98.03',
        kind,
        at: new Date('2026-11-20T01:12:40Z'),
        text: 'Văn thư: đã tiếp nhận, vào sổ văn bản đến số 456',
        rawCode: code,
      },
    ])
  })

  it.each<[string, (xml: string) => string]>([
    ['as it is', (xml) => xml],
    ['with another prefix', (xml) => xml.replaceAll('edXML:', 'ns2:')],
    ['without prefixes', (xml) => xml.replaceAll('edXML:', '').replaceAll('xmlns:edXML', 'xmlns')],
    ['called MessageStatus', (xml) => xml.replaceAll('edXML:Status>', 'edXML:MessageStatus>')],
    [
      'in SOAP',
      (xml) =>
        `<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/"><SOAP-ENV:Header>${/<edXML:Status>[\s\S]*<\/edXML:Status>/.exec(xml)![0]}</SOAP-ENV:Header></SOAP-ENV:Envelope>`,
    ],
    ['with a byte order mark', (xml) => `\ufeff${xml}`],
    [
      'in CDATA',
      (xml) =>
        xml.replace(
          /<edXML:Description>(.*)<\/edXML:Description>/,
          '<edXML:Description><![CDATA[$1]]></edXML:Description>',
        ),
    ],
    ['with a comment', (xml) => xml.replace('<edXML:Status>', '<!-- <a> --><edXML:Status>')],
    ['spread over lines', (xml) => xml.replaceAll('><', '>\r\n  <').replaceAll('>03<', '>\n 03 \n<')],
    ['naming its parts alone', (xml) => xml.replace(/<edXML:DocumentId>.*?<\/edXML:DocumentId>/, '')],
  ])('is read %s', (_, change) => {
    expect(updateOf(change(STATUS)).updates).toEqual(updateOf(STATUS).updates)
  })

  it('is read in UTF-16', () => {
    expect(updateOf(Buffer.from(`\ufeff${STATUS}`, 'utf16le')).updates).toEqual(updateOf(STATUS).updates)
  })

  it('takes the five entities and numbers, no others and no letters that nobody can store', () => {
    const odd = STATUS.replace(
      /Description>.*<\/edXML:D/,
      'Description>&lt;b&gt; &amp;amp; &#273;&#x1f600; &nope; a&#0;b&#xd800;c</edXML:D',
    )
    expect(updateOf(odd).updates[0]).toMatchObject({ text: '<b> &amp; đ😀 &nope; abc' })
  })

  it('keeps its words as text', () => {
    const odd = STATUS.replace(/Description>.*<\/edXML:D/, 'Description>&lt;script&gt;alert(1)&lt;/script&gt;</edXML:D')
    expect(updateOf(odd).updates[0]).toMatchObject({ text: '<script>alert(1)</script>' })
  })

  it.each([
    ['about nothing', (xml: string) => xml.replace(/<edXML:ResponseFor>.*<\/edXML:ResponseFor>/, ''), { of: 'd1' }],
    ['without an hour', (xml: string) => xml.replace('2026/11/20 08:12:40', 'sáng nay'), { at: AT }],
  ])('%s still reaches a person', (_, change, expected) => {
    expect(updateOf(change(STATUS)).updates).toMatchObject([expected])
  })
})

describe.each(['Asia/Ho_Chi_Minh', 'America/Los_Angeles'])('on a machine in %s', (zone) => {
  afterEach(() => vi.unstubAllEnvs())

  it.each([
    ['2026/11/20 00:00:00', '2026-11-19T17:00:00Z'],
    ['2026/11/19 23:59:59', '2026-11-19T16:59:59Z'],
    ['2026-11-20T08:12', '2026-11-20T01:12:00Z'],
  ])('%s is Vietnam’s', (stamp, moment) => {
    vi.stubEnv('TZ', zone)
    expect(updateOf(STATUS.replace('2026/11/20 08:12:40', stamp)).updates).toMatchObject([{ at: new Date(moment) }])
  })
})

describe('a letter', () => {
  it('that answers ours is the answer, with its file', () => {
    const { updates, answeredBy } = updateOf(letter())
    expect(updates).toEqual([
      {
        event: `edoc:H18.98.03:${OFFICE}`,
        of: OURS,
        from: 'H18.98.03',
        kind: 'answer',
        at: new Date('2026-11-20T01:00:05Z'),
        text: CONTENT,
        rawCode: '0',
        files: [{ name: 'ket-qua.pdf', type: 'application/json', bytes: PDF }],
      },
    ])
    expect(answeredBy).toBe(OFFICE)
  })

  it.each<[string, Parameters<typeof letter>[0]]>([
    ['lines', { encoded: PDF.toString('base64').replace(/(.{10})/g, '$1\r\n') }],
    ['CDATA', { encoded: `<![CDATA[${PDF.toString('base64')}]]>` }],
    ['a zip of its own', { encoded: Buffer.from(zipSync({ 'khac-ten.pdf': PDF })).toString('base64') }],
    ['a zip that does not press', { encoded: Buffer.from(zipSync({ 'a.pdf': PDF }, { level: 0 })).toString('base64') }],
  ])('gives the file out of %s', (_, change) => {
    expect(updateOf(letter(change)).updates[0]?.files).toMatchObject([{ name: 'ket-qua.pdf', bytes: PDF }])
  })

  it.each([
    ['with cid:', (xml: string) => xml.replaceAll('<ContentId>', '<ContentId>cid:')],
    [
      'with prefixed content',
      (xml: string) => xml.replaceAll('ContentTransferEncoded>', 'edXML:ContentTransferEncoded>'),
    ],
    ['named in the manifest alone', (xml: string) => xml.replace(/<AttachmentName>.*?<\/AttachmentName>/, '')],
  ])('is read %s', (_, change) => {
    expect(updateOf(change(letter())).updates).toEqual(updateOf(letter()).updates)
  })

  it.each<[string, string, Buffer]>([
    ['two files', 'ho-so.pdf', Buffer.from(zipSync({ 'a.pdf': PDF, 'b.pdf': PDF }))],
    ['a text document', 'to-trinh.docx', Buffer.from(zipSync({ 'word.xml': PDF }))],
    ['nothing that opens', 'a.pdf', Buffer.from('PK\x03\x04 and no zip')],
  ])('keeps a zip of %s as it came', (_, name, zip) => {
    expect(updateOf(letter({ name, encoded: zip.toString('base64') })).updates).toMatchObject([
      { kind: 'answer', files: [{ bytes: zip }] },
    ])
  })

  it.each<[string, string]>([
    ['cut Base64', PDF.toString('base64').slice(0, -1)],
    ['no Base64', 'không có'],
    ['nothing', ''],
    ['a bomb', Buffer.from(zipSync({ 'a.pdf': new Uint8Array(100_000_001) })).toString('base64')],
  ])('with %s for a file is no answer yet: a person must see it', (_, encoded) => {
    const { updates, answeredBy } = updateOf(letter({ encoded }))
    expect(updates).toMatchObject([{ kind: 'unknown', of: OURS, files: [] }])
    expect(updates[0]?.text).toMatch(/^Không đọc được tệp kèm theo: ket-qua.pdf\n/)
    expect(answeredBy).toBeUndefined()
  })

  it.each(['1', '2', '3'])(
    'of BussinessDocType %s is for a person, and not the letter of the same number',
    (docType) => {
      expect(updateOf(letter({ docType })).updates).toMatchObject([
        { event: 'edoc:d1', of: OURS, kind: 'unknown', rawCode: docType },
      ])
    },
  )

  it.each([
    ['nothing', ''],
    ['another organ', responseFor('H18.99.011,2026/11/20,123/PC-IOC')],
  ])('that refers to %s is for a person', (_, refers) => {
    const { updates } = updateOf(letter({ refers }))
    expect(updates).toMatchObject([{ event: `edoc:H18.98.03:${OFFICE}`, of: OFFICE, kind: 'unknown' }])
    expect(updates[0]?.text).toContain(CONTENT)
  })

  it('that answers two of ours answers each', () => {
    const other = `${ORGAN},2026/11/20,124/PC-IOC`
    const { updates } = updateOf(letter({ refers: responseFor(OURS) + responseFor(other) + responseFor(OURS) }))
    expect(updates.map(({ of, kind }) => [of, kind])).toEqual([
      [OURS, 'answer'],
      [other, 'answer'],
    ])
    expect(new Set(updates.map(({ event }) => event)).size).toBe(2)
  })

  it('under two docIds is one event', () => {
    const again = understand({ docId: 'd2', edxml: Buffer.from(letter()), at: AT }, ORGAN)
    expect(again.updates[0]?.event).toBe(updateOf(letter()).updates[0]?.event)
  })

  it('without Content answers with its subject; an endless one is cut', () => {
    const replaced = (content: string) => letter().replace(/<edXML:Content>.*<\/edXML:Content>/, content)
    expect(updateOf(replaced('')).updates[0]?.text).toMatch(/^V\/v giải quyết/)
    const long = updateOf(replaced(`<edXML:Content>${'a'.repeat(30_000)}</edXML:Content>`))
    expect(long.updates[0]?.text).toHaveLength(20_003)
  })
})

describe('what must not be parsed', () => {
  const laughs = `<!DOCTYPE lolz [<!ENTITY lol "lol">${Array.from({ length: 9 }, (_, n) => `<!ENTITY lol${n + 1} "${`&lol${n || ''};`.repeat(10)}">`).join('')}]><edXML>&lol9;</edXML>`

  it.each<[string, string | Buffer, string]>([
    ['billion laughs', laughs, 'dtd'],
    ['an external entity', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', 'dtd'],
    ['a DTD alone', '<!doctype html><html/>', 'dtd'],
    ['a declaration inside', '<a><!ENTITY x "y"></a>', 'dtd'],
    ['nesting', '<a>'.repeat(31) + '</a>'.repeat(31), 'too-deep'],
    ['millions of elements', `<a>${'<b/>'.repeat(1_000_000)}</a>`, 'too-many'],
    ['millions of attributes', `<a ${'b="" '.repeat(1_000_000)}/>`, 'not-xml'],
    ['millions of attributes of the declaration', `<?xml ${'b="" '.repeat(1_000_000)}?><a/>`, 'not-xml'],
    ['megabytes of text', `<a>${'x'.repeat(3_000_000)}</a>`, 'too-much-text'],
    ['more bytes than any', Buffer.alloc(MAX_EDXML_BYTES + 1, ' '), 'too-large'],
    ['bytes that are no text', Buffer.from([0x3c, 0xff, 0x3e]), 'not-utf8'],
    ['half a document', EDOC.slice(0, EDOC.length / 2), 'not-xml'],
    ['a page', '<html><body>502</body></html>', 'not-edxml'],
    ['nothing', '', 'not-xml'],
  ])('%s is refused, said, and reaches a person', (_, bytes, why) => {
    const started = performance.now()
    expect(read(Buffer.from(bytes))).toEqual({ unreadable: why })
    expect(performance.now() - started).toBeLessThan(5_000)
    expect(updateOf(bytes).updates).toMatchObject([{ event: 'd1', of: 'd1', kind: 'unknown', rawCode: why }])
  })

  it('never throws, whatever the bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void updateOf(Buffer.from(bytes))))
    const torn = fc.tuple(fc.nat(EDOC.length), fc.string({ unit: 'binary', maxLength: 20 }), fc.nat(200))
    fc.assert(
      fc.property(torn, ([at, put, drop]) => void updateOf(letter().slice(0, at) + put + letter().slice(at + drop))),
    )
  })

  it('reads a large file in little time', () => {
    const bytes = Buffer.alloc(40_000_000, 7)
    const started = performance.now()
    const { updates } = updateOf(letter({ encoded: bytes.toString('base64') }))
    expect(updates[0]?.files?.[0]?.bytes.equals(bytes)).toBe(true)
    expect(performance.now() - started).toBeLessThan(10_000)
  })
})
