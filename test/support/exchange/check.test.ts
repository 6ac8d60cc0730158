import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { check } from './check.ts'
import { zip } from './zip.ts'

const EDOC = readFileSync(join(import.meta.dirname, 'samples/sample-edoc.edxml'), 'utf8')
const STATUS = readFileSync(join(import.meta.dirname, 'samples/sample-status.edxml'), 'utf8')
const CONTENT = />([\w+/=]{40,})</
const CID = '9a4c0c52-3c0e-4b6a-9a55-0d6f0a3f1c11'

const encoded = (...names: string[]) =>
  zip(names.map((name) => ({ name, bytes: Buffer.from(`nội dung ${name}`) }))).toString('base64')

/** A mutant that does not differ tests nothing. */
function changed(source: string, from: string | RegExp, to: string): string {
  const mutant = source.replace(from, to)
  expect(mutant).not.toBe(source)
  return mutant
}

describe('the samples', () => {
  it('a document is taken, with its file unpacked', async () => {
    const edoc = await check(Buffer.from(EDOC), 'edoc')
    expect(edoc).toMatchObject({
      from: { id: 'H18.99.01' },
      to: [{ id: 'H18.98.03', name: 'UBND xã Mường Nhé' }],
      documentId: 'H18.99.01,2026/11/20,123/PC-IOC',
      docType: 0,
      responseFor: [],
      files: [{ name: 'paht.json', zipped: true }],
    })
    expect(JSON.parse(edoc.files[0]!.bytes.toString())).toBeTypeOf('object')
  })

  it('a status is taken', async () => {
    expect(await check(Buffer.from(STATUS), 'status')).toMatchObject({
      code: '03',
      documentId: 'H18.99.01,2026/11/20,123/PC-IOC',
      from: { id: 'H18.98.03' },
    })
  })

  it.each<[string, string | RegExp, string]>([
    ['base64 of the file itself', CONTENT, `>${Buffer.from('{}').toString('base64')}<`],
    ['base64 in lines', CONTENT, '>\ne30\r\n=\n<'],
    ['a format that is a zip by nature', /paht\.json/g, 'to-trinh.docx'],
    ['an entity', 'QL4H', 'QL4H &amp; QL12 &#x111;'],
    ['text in CDATA', 'QL4H', '<![CDATA[<QL4H>]]>'],
    ['a remark', '<edXML:Subject>', '<!-- trích yếu --><edXML:Subject>'],
    [
      'a signature in a namespace of its own',
      '</edXML:TraceHeaderList>',
      '</edXML:TraceHeaderList><edXML:Signature><Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/></edXML:Signature>',
    ],
    ['two receivers', /(<edXML:To>.*?<\/edXML:To>)/, '$1$1'],
    [
      'what it answers',
      '<edXML:SteeringType>',
      '<edXML:ResponseFor><edXML:OrganId>H18.98.03</edXML:OrganId><edXML:Code>7/UBND</edXML:Code><edXML:PromulgationDate>2026/11/19</edXML:PromulgationDate><edXML:DocumentId>H18.98.03,2026/11/19,7/UBND</edXML:DocumentId></edXML:ResponseFor><edXML:SteeringType>',
    ],
    ['an organ id of the old form', /H18\.99\.01/g, '000.00.00.H18'],
  ])('with %s too', async (_, from, to) => {
    await expect(check(Buffer.from(changed(EDOC, from, to)), 'edoc')).resolves.toBeDefined()
  })

  it('a text longer than libxml2 takes is no obstacle where it is a file', async () => {
    const photo = Buffer.alloc(12_000_000, 1).toString('base64')
    const edoc = await check(Buffer.from(changed(EDOC, CONTENT, `>${photo}<`)), 'edoc')
    expect(edoc.files[0]!.bytes.length).toBe(12_000_000)
  })
})

describe('what is not edXML', () => {
  it.each<[string, string | RegExp, string, string, RegExp]>([
    ['a prefix lost', /edXML:Subject>/g, 'Subject>', '22', /Tiền tố: Subject phải là edXML:Subject/],
    ['another prefix for the same namespace', /edXML(?=:)|(?<=xmlns:)edXML/g, 'x', '22', /Tiền tố: x:edXMLEnvelope/],
    ['a prefix outside the envelope', /(<\/?)(ContentTransferEncoded)/g, '$1edXML:$2', '22', /ContentTransferEncoded/],
    ['a date with dashes', '2026/11/20<', '2026-11-20<', '22', /PromulgationDate.*2026-11-20/],
    ['a month that is none', '<edXML:DueDate>2026/12/01', '<edXML:DueDate>2026/13/01', '22', /DueDate/],
    ['a Timestamp of ISO 8601', '2026/11/20 08:00:05', '2026-11-20T08:00:05+07:00', '22', /Timestamp/],
    ['a Timestamp without seconds', '2026/11/20 08:00:05', '2026/11/20 08:00', '22', /Timestamp/],
    ['a required child missing', /<edXML:Subject>.*<\/edXML:Subject>/, '', '22', /Content.*Expected is \( Subject \)/],
    ['an empty Subject', /<edXML:Subject>.*<\/edXML:Subject>/, '<edXML:Subject> </edXML:Subject>', '22', /Subject/],
    ['no signer', /<edXML:SignerInfo>.*<\/edXML:SignerInfo>/, '', '22', /SignerInfo/],
    [
      'the wrong order',
      /(<edXML:Code>.*<\/edXML:Code>)\s*(<edXML:PromulgationInfo>.*<\/edXML:PromulgationInfo>)/,
      '$2$1',
      '22',
      /PromulgationInfo.*Expected is .*Code/,
    ],
    ['a DocumentId of another organ', 'DocumentId>H18.99.01', 'DocumentId>H18.99.02', '22', /DocumentId .* không khớp/],
    [
      'a DocumentId of another day',
      'DocumentId>H18.99.01,2026/11/20',
      'DocumentId>H18.99.01,2026/11/21',
      '22',
      /không khớp/,
    ],
    ['a DocumentId of another number', ',123/PC-IOC', ',124/PC-IOC', '22', /124\/PC-IOC không khớp .*123\/PC-IOC/],
    ['a DocumentId that is none', 'DocumentId>H18.99.01,2026/11/20,123/PC-IOC', 'DocumentId>123', '22', /DocumentId/],
    ['an organ id of 36 letters', /H18\.99\.01/g, `H18.${'9'.repeat(32)}`, '22', /OrganId/],
    ['a DTD', '<edXML xmlns', '<!DOCTYPE edXML [<!ENTITY x "y">]><edXML xmlns', '22', /DTD/],
    ['an entity nobody declared', 'QL4H', '&xxe;', '22', /xxe/],
    ['a tag left open', '</edXML:To>', '', '22', /không phải XML/],
    ['no body', /<edXML:edXMLBody>.*<\/edXML:edXMLBody>/, '', '22', /edXMLBody/],
    ['cid: kept in the attachment', '<ContentId>', '<ContentId>cid:', '22', /ContentId/],
    ['no cid: in the reference', '<edXML:ContentId>cid:', '<edXML:ContentId>', '22', /ContentId/],
    [
      'a href to another file',
      `href="cid:${CID}`,
      'href="cid:00000000-0000-0000-0000-000000000000',
      '21',
      /xlink:href/,
    ],
    ['a reference without attachment', /<AttachmentEncoded>.*<\/AttachmentEncoded>/s, '', '21', /không có Attachment/],
    ['an attachment without reference', /<edXML:Reference.*<\/edXML:Reference>/, '', '21', /không có Reference/],
    ['an attachment twice', /(<Attachment>.*<\/Attachment>)/s, '$1$1', '21', /hai lần/],
    ['base64 broken', CONTENT, '>UEsDBBQ*AAAI<', '21', /base64/],
    ['base64 cut off', CONTENT, '>e30<', '21', /base64/],
    ['an empty file', CONTENT, '><', '21', /base64/],
    ['a zip of two files', CONTENT, `>${encoded('a.json', 'b.json')}<`, '21', /zip có 2 tệp/],
    [
      'a zip of none',
      CONTENT,
      `>${Buffer.concat([Buffer.from('PK\x03\x04'), zip([])]).toString('base64')}<`,
      '21',
      /zip có 0 tệp/,
    ],
    ['a zip cut off', CONTENT, `>${encoded('a.json').slice(0, 60)}<`, '21', /zip hỏng/],
  ])('%s', async (_, from, to, errorCode, why) => {
    const mutant = Buffer.from(changed(EDOC, from, to))
    await expect(check(mutant, 'edoc')).rejects.toMatchObject({ errorCode, message: expect.stringMatching(why) })
  })

  it.each<[string, string | RegExp, string, RegExp]>([
    ['a status without code', /<edXML:StatusCode>.*<\/edXML:StatusCode>/, '', /Expected is \( StatusCode \)/],
    ['a code that QĐ 28 has not', 'StatusCode>03', 'StatusCode>99', /StatusCode 99/],
    ['a code of one digit', 'StatusCode>03', 'StatusCode>3', /StatusCode/],
    ['about a document that disagrees', 'Code>123/PC-IOC', 'Code>124/PC-IOC', /không khớp/],
    ['a Timestamp in the 25th hour', '08:12:40', '25:12:40', /Timestamp/],
    ['about nothing', /<edXML:ResponseFor>.*<\/edXML:ResponseFor>/, '', /ResponseFor/],
  ])('%s', async (_, from, to, why) => {
    const mutant = Buffer.from(changed(STATUS, from, to))
    await expect(check(mutant, 'status')).rejects.toMatchObject({
      errorCode: '22',
      message: expect.stringMatching(why),
    })
  })

  it('one kind sent as the other', async () => {
    await expect(check(Buffer.from(EDOC), 'status')).rejects.toMatchObject({ errorCode: '22' })
    await expect(check(Buffer.from(STATUS), 'edoc')).rejects.toMatchObject({ errorCode: '22' })
  })

  it('another encoding', async () => {
    await expect(check(Buffer.from(EDOC, 'utf16le'), 'edoc')).rejects.toMatchObject({ errorCode: '22' })
    await expect(check(Buffer.from(EDOC, 'latin1'), 'edoc')).rejects.toMatchObject({ message: 'không phải UTF-8' })
  })
})
