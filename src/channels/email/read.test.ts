import { describe, expect, it } from 'vitest'
import { bytesOf, fixture, html, mail, multipart, submitted, TOKEN, text } from '../../../test/support/email.ts'
import type { Submitted } from '../channel.ts'

describe('what mail programs send', () => {
  it('Gmail: an answer to a letter of ours, with a photo', async () => {
    const item = await submitted(fixture('gmail-reply'))
    expect(item).toMatchObject({
      sender: { name: 'Lò Thị Lan', email: 'lan@mail.example' },
      title: '[DB-26-7K3M-9QXT] Đã tiếp nhận phản ánh của ông/bà',
      content: 'Gửi ảnh bổ sung: hố sâu khoảng 40 cm, hôm nay lại có xe ngã.',
      thread: '<CAF1=x+y@mail.example>',
      answers: { tokens: [TOKEN] },
      attachments: [{ name: 'IMG_2031.jpg', type: 'image/jpeg' }],
    })
    expect(item.aside).toContain('Hệ thống đã tiếp nhận')
  })

  it('Outlook: HTML alone, a signature, a header block', async () => {
    const item = await submitted(fixture('outlook-reply'))
    expect(item).toMatchObject({ title: 'Rac thai', content: 'Rác vẫn chưa được thu gom.' })
    expect(item.aside).toMatch(/Trân trọng,.*ĐT: 0912 345 678.*Chủ đề: Đã tiếp nhận.*đã tiếp nhận\./s)
  })

  it('Apple Mail: the photo stays, the dot goes', async () => {
    const item = await submitted(fixture('apple-inline'))
    expect(item.content).toBe('Sạt lở tại km 12+300 quốc lộ 12.')
    expect(item.attachments).toMatchObject([{ name: 'ảnh sạt lở.jpeg', type: 'image/jpeg' }])
    expect(item.attachments![0]!.bytes).toHaveLength(6003)
  })
})

const JAPAN = bytesOf('\x1b$BF|K\\\x1b(B')
const TCVN3 = bytesOf('KÝnh göi c¬ quan chøc n¨ng, ®­êng bÞ háng')
const LAN = { name: 'Lan', email: 'lan@example.vn' }
const pdf = (name: string) => ({ name, type: 'application/pdf', bytes: Buffer.from('x') })
const PHOTO = Buffer.alloc(6000, 1).toString('base64')

it.each<readonly [what: string, bytes: Buffer, holds: Partial<Submitted>]>([
  [
    'quoted-printable wraps inside a code',
    mail({ 'Content-Transfer-Encoding': 'quoted-printable' }, 'km 12=\r\n+300'),
    { content: 'km 12+300' },
  ],
  [
    'format=flowed',
    mail({ 'Content-Type': 'text/plain; format=flowed' }, 'Đường bị \r\nhỏng\r\nnặng\r\n> cũ \r\n> hơn'),
    { content: 'Đường bị hỏng\nnặng', aside: '> cũ hơn' },
  ],
  [
    'windows-1258 with marks of its own',
    text('windows-1258', ...bytesOf('\xd0\xfd\xf5\xccng h\xf4\xd2')),
    { content: 'Đường hổ' },
  ],
  ['TCVN3 without a label', text('us-ascii', ...TCVN3), { content: 'Kính gửi cơ quan chức năng, đường bị hỏng' }],
  ['TCVN3 called Latin-1', text('iso-8859-1', ...TCVN3), { content: 'Kính gửi cơ quan chức năng, đường bị hỏng' }],
  ['TCVN3 called by its name', text('x-viet-tcvn5712', ...bytesOf('§­êng x· bÞ háng')), { content: 'Đường xã bị hỏng' }],
  ['VISCII', text('viscii', 0xd0, 0xdf, 0xb6, 0x6e, 0x67), { content: 'Đường' }],
  ['ISO-2022-JP', text('iso-2022-jp', ...JAPAN), { content: '日本' }],
  ['ISO-2022-JP without a label', text('us-ascii', ...JAPAN), { content: '日本' }],
  ['UTF-8 called windows-1252', text('windows-1252', ...Buffer.from('Ổ gà')), { content: 'Ổ gà' }],
  ['a charset that nobody knows', text('x-vniwin', ...Buffer.from('Ổ gà')), { content: 'Ổ gà' }],
  [
    'UTF-8 with a broken letter',
    text('utf-8', ...Buffer.from('Đường hỏng ở xã'), 0xc3),
    { content: 'Đường hỏng ở xã\uFFFD' },
  ],
  ['NFD', mail({}, 'Đường hỏng'.normalize('NFD')), { content: 'Đường hỏng' }],
  ['NUL bytes', mail({ Subject: 'a\0b' }, 'c\0d'), { title: 'ab', content: 'cd' }],
  [
    'raw bytes in the header',
    mail({ From: 'Lò Văn Păn <pan@example.vn>' }, 'x'),
    { sender: { name: 'Lò Văn Păn', email: 'pan@example.vn' } },
  ],
  [
    'a sender wholly in an encoded word',
    mail({ From: '=?utf-8?Q?Lan_=3Clan=40example=2Evn=3E?=' }, 'x'),
    { sender: LAN },
  ],
  ['no sender', mail({ From: undefined }, 'x'), { sender: {} }],
  [
    'a web form that writes for its user',
    mail({ From: 'no-reply@form.vn', 'Reply-To': 'Lan <lan@example.vn>' }, 'x'),
    { sender: LAN },
  ],
  ['Reply-To of a person is theirs to change', mail({ 'Reply-To': 'other@example.vn' }, 'x'), { sender: LAN }],
  ['prefixes of subjects', mail({ Subject: 'Re: Trả lời: FW: Ổ gà' }, 'x'), { title: 'Ổ gà' }],
  ['a subject alone', mail({}, ''), { title: 'Ổ gà', content: 'Ổ gà' }],
  [
    'plain text that says nothing beside HTML',
    multipart(
      'alternative',
      ['Content-Type: text/plain', 'HTML!'],
      ['Content-Type: text/html; charset=utf-8', `<p>${'Đường hỏng nặng. '.repeat(9)}</p>`],
    ),
    { content: 'Đường hỏng nặng. '.repeat(9).trim() },
  ],
  ['layout tables', html('<table><tr><td>Km 12</td><td>QL 12</td></tr></table>'), { content: 'Km 12\nQL 12' }],
  [
    'a link to a map',
    html('<a href="https://maps.example/?q=21.4,103.0">đây</a>'),
    { content: 'đây [https://maps.example/?q=21.4,103.0]' },
  ],
  ['HTML nested without end', html(`${'<b>'.repeat(50_000)}Ổ gà &amp; rác`), { content: 'Ổ gà & rác' }],
  [
    'a boundary that never comes',
    mail({ 'Content-Type': 'multipart/mixed; boundary=never' }, 'Ổ gà'),
    { content: 'Ổ gà' },
  ],
  [
    'a boundary inside that never comes',
    multipart(
      'mixed',
      ['Content-Type: multipart/alternative; boundary=never', 'Ổ gà'],
      ['Content-Type: text/plain', 'x'],
    ),
    { content: 'Ổ gà\n\nx' },
  ],
  ['a body with a name', multipart('mixed', ['Content-Type: text/plain; name=a.txt', 'Ổ gà']), { content: 'Ổ gà' }],
  [
    'a text with a name beside the body',
    multipart('mixed', ['Content-Type: text/plain', 'Ổ gà'], ['Content-Type: text/plain; name=a.txt', 'x']),
    { content: 'Ổ gà', attachments: [{ name: 'a.txt', type: 'text/plain', bytes: Buffer.from('x') }] },
  ],
  [
    'TCVN3 in the header',
    Buffer.concat([Buffer.from('From: lan@example.vn\r\nSubject: '), Buffer.from(TCVN3), Buffer.from('\r\n\r\nx')]),
    { title: 'Kính gửi cơ quan chức năng, đường bị hỏng' },
  ],
  [
    'a picture written into HTML',
    html(`x<img src="data:image/png;base64,${PHOTO}">`),
    { content: 'x', attachments: [{ name: 'anh-2.png', type: 'image/png', bytes: Buffer.alloc(6000, 1) }] },
  ],
  [
    'a name that leaves its folder',
    multipart('mixed', ['Content-Type: application/pdf; name="../../etc/pa:ss.pdf"', 'x']),
    { attachments: [pdf('pa_ss.pdf')] },
  ],
  [
    'a long name in pieces (RFC 2231)',
    multipart('mixed', [
      "Content-Disposition: attachment; filename*0*=utf-8''%E1%BB%95%20; filename*1*=g%C3%A0.pdf",
      'x',
    ]),
    { attachments: [pdf('ổ gà.pdf')] },
  ],
  [
    'winmail.dat',
    multipart('mixed', ['Content-Type: application/ms-tnef; name=winmail.dat', 'x']),
    { attachments: [{ name: 'winmail.dat', type: 'application/ms-tnef', bytes: Buffer.from('x') }] },
  ],
  [
    'a proof of origin',
    multipart(
      'signed',
      ['Content-Type: text/plain', 'x'],
      ['Content-Type: application/pkcs7-signature; name=smime.p7s', 'y'],
    ),
    { content: 'x' },
  ],
  [
    'a photo below a quoted letter',
    multipart('mixed', ['Content-Type: text/plain', '> cũ'], ['Content-Type: image/jpeg; name=a.jpg', 'y']),
    { content: '', aside: '> cũ' },
  ],
  ['nothing but a quote', mail({}, '> Ổ gà\r\n> ở bản'), { content: '> Ổ gà\n> ở bản' }],
  [
    'forwarded',
    mail(
      { Subject: 'Fwd: Ngập' },
      '---------- Forwarded message ---------\r\nTừ: Pan <pan@example.vn>\r\nDate: Th 2\r\nSubject: Ngập\r\nTo: a@b.vn\r\n\r\nNgập ở bản.',
    ),
    { title: 'Ngập', content: 'Ngập ở bản.' },
  ],
  [
    'forwarded as an attachment',
    multipart('mixed', ['Content-Type: message/rfc822', mail({ Subject: 'Ngập' }, 'Ngập ở bản.')]),
    { content: 'Ngập ở bản.' },
  ],
  [
    'ten thousand recipients',
    mail({ To: Array.from({ length: 10_000 }, (_, i) => `Người ${i} <nguoi${i}@example.vn>`).join(',\r\n ') }, 'x'),
    { content: 'x' },
  ],
  [
    'a Message-ID that would write headers',
    mail({ 'Message-ID': '<a@b\r\n\tBcc: all@example.vn>' }, 'x'),
    { content: 'x' },
  ],
])('%s', async (_, bytes, holds) => {
  expect(await submitted(bytes)).toMatchObject(holds)
})

it('puts no thread where the Message-ID could end a header', async () => {
  expect((await submitted(mail({ 'Message-ID': '<a b@c>' }, 'x'))).thread).toBeUndefined()
  expect((await submitted(mail({ 'Message-ID': undefined }, 'x'))).thread).toBeUndefined()
})

it('hands on the whole of a text that is too long to be read', async () => {
  const item = await submitted(mail({}, 'Ổ gà ở bản Mường\r\n'.repeat(10_000)))
  expect(item.content).toHaveLength(50_000)
  expect(item.attachments).toMatchObject([{ name: 'noi-dung.txt' }])
  expect(item.attachments![0]!.bytes.length).toBeGreaterThan(200_000)
})
