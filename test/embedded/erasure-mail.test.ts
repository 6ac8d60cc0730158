import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { expect, it } from 'vitest'
import { dumpDatabase, openDump } from '../support/dump.ts'
import { openMailSite } from '../support/mail-site.ts'
import { makeSearch, searchFolder } from '../support/search.ts'
import { until } from '../support/until.ts'

/** Everything of hers that a mail can carry. She and all of it are invented. */
const MARKS = {
  name: 'Lò Thị Hoài Thương',
  'name in the text': 'LÒ THỊ HOÀI THƯƠNG',
  'mail address': 'hoaithuong.lo@example.vn',
  'mail address in the text': 'chong.cua.chi.lo@example.com',
  'address in the quote': 'em.gai.chi.lo@example.com',
  'phone in the text': '+84 (0)915.550.237',
  'phone in the subject': '0915-550-237',
  'phone in the signature': '0915 550 238',
  'identity number in the text': '011190004711',
  'name in the file’s name': 'Lo-Thi-Hoai-Thuong-nha-rieng',
  'artist in the photo': 'May anh cua Lo Hoai T.',
  'her machine in the trace': 'may-cua-lo-hoai-thuong',
  'name in the Message-ID': 'thu-cua-lo-hoai-thuong-1',
  'phone in the reply': '0915 550 239',
} as const
const STAYS = 'Hố ga trước cổng trường mất nắp đã ba ngày'
const ANSWER = `Kính gửi bà ${MARKS.name} (${MARKS['phone in the text']}, ${MARKS['mail address']}): nắp hố ga đã lắp.`

const DIST = join(import.meta.dirname, '../../dist')
const search = makeSearch(MARKS)
const word = (text: string) => `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`

async function mail(): Promise<string> {
  const photo = await sharp({ create: { width: 64, height: 48, channels: 3, background: '#888' } })
    .withExif({ IFD0: { Artist: MARKS['artist in the photo'] } })
    .jpeg()
    .toBuffer()
  const text = [
    `${STAYS}, ở xã Mường Nhé.`,
    `Tôi là ${MARKS['name in the text']}, gọi ${MARKS['phone in the text']} hoặc thư ${MARKS['mail address in the text']}, CCCD ${MARKS['identity number in the text']}.`,
    '-- ',
    `${MARKS.name}, ${MARKS['phone in the signature']}`,
    '',
    `Vào 10:00, Th 2, 23 thg 11, 2026 Em gái <${MARKS['address in the quote']}> đã viết:`,
    '> Chị phản ánh đi.',
  ].join('\r\n')
  const lines = (bytes: Buffer) => bytes.toString('base64').replace(/.{76}/g, '$&\r\n')
  return [
    `Received: from ${MARKS['her machine in the trace']}.example (10.1.1.1) by mx.example; Mon, 23 Nov 2026 10:00:00 +0700`,
    `From: ${word(MARKS.name)} <${MARKS['mail address']}>`,
    'To: phananh@dienbien.example',
    `Subject: ${word(`Hố ga mất nắp, gọi ${MARKS['phone in the subject']}`)}`,
    `Message-ID: <${MARKS['name in the Message-ID']}@example.vn>`,
    `Date: ${new Date().toUTCString()}`,
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary="b"',
    '',
    '--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n',
    lines(Buffer.from(text)),
    `--b\r\nContent-Type: image/jpeg; name="${MARKS['name in the file’s name']}.jpg"\r\nContent-Disposition: attachment; filename="${MARKS['name in the file’s name']}.jpg"\r\nContent-Transfer-Encoding: base64\r\n`,
    lines(photo),
    '--b--\r\n',
  ].join('\r\n')
}

const findings = (seen: readonly (readonly [string, Uint8Array])[]): string[] =>
  [...new Set(seen.flatMap(([where, bytes]) => search(bytes).map((mark) => `${where}: ${mark}`)))].sort()

it('who wrote a mail is found nowhere outside, and nowhere at all once erased, what she wrote later included', async () => {
  const site = await openMailSite({
    machines: ['web,worker,listener'],
    env: { LOG_LEVEL: 'debug' },
    dist: DIST,
    exchange: { answerText: ANSWER, until: '03' },
  })
  try {
    await site.world.deliver(await mail())
    const letters = () => site.world.inboxOf(MARKS['mail address'])
    const letter = await until('her first letter', async () => (await letters())[0]?.raw)
    const replyTo = /^Reply-To: (.*)$/im.exec(letter.replace(/\r?\n[ \t]+/g, ' '))![1]!.replace(/.*<|>.*/g, '')
    const code = await until('a case at the office', async () => {
      const [row] = await site.look<{ code: string }>(
        `select r.code from report r join assignment a on a.case_id = r.case_id where a.state = 'accepted'`,
      )
      return row?.code
    })
    await site.world.deliver(
      `From: <${MARKS['mail address']}>\r\nTo: <${replyTo}>\r\nSubject: Re\r\nMessage-ID: <r1@example.vn>\r\n\r\nVan chua ai den, goi so ${MARKS['phone in the reply']}.\r\n`,
    )
    await until(
      'the addition at the exchange',
      async () =>
        (await site.exchange.ledger()).filter((line) => line.line === 'sent' && line.messageType === 'edoc').length ===
          2 || undefined,
    )

    const seen: (readonly [string, Uint8Array])[] = []
    for (const line of await site.exchange.ledger()) {
      if (line.line !== 'sent') continue
      const edxml = await site.exchange.document(line.docId)
      seen.push(['the exchange', Buffer.from(edxml)])
      for (const [, base64] of edxml.matchAll(/<ContentTransferEncoded>([^<]*)</g))
        seen.push(['a file at the exchange', Buffer.from(base64!, 'base64')])
    }
    expect(seen.map(([where]) => where)).toContain('a file at the exchange')
    const before = await dumpDatabase(site.dataDir)
    for (const { column, bytes } of before) seen.push([column, bytes])
    seen.push(['the log', await readFile(site.machines[0]!.logFile)])
    expect(findings(seen)).toEqual([])
    const sealed = findings((await openDump(site.dataDir, before)).map(({ column, bytes }) => [column, bytes]))
    expect(sealed).toContain('submission.item: name')
    // A body above 16 kB lies in the file store, a smaller one in its row.
    expect(sealed.join()).toMatch(/envelope(?:_\w+)?(?:\.body)?: her machine in the trace/)

    expect(await site.paht('erase', code, '--why', `Đơn của bà ${MARKS.name}`)).toMatchObject({ code: 0 })
    const after = await dumpDatabase(site.dataDir)
    const openable = await openDump(site.dataDir, after)
    await site.machines[0]!.stop()
    expect(findings([...after, ...openable].map(({ column, bytes }) => [column, bytes] as const))).toEqual([])
    expect(searchFolder(site.dataDir, search).map((found) => found.replace(site.dataDir, ''))).toEqual([])
    expect(searchFolder(site.dataDir, makeSearch({ STAYS })).length).toBeGreaterThan(0)
  } finally {
    await site.close()
  }
}, 120_000)
