import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { repairTcvn3 } from './legacy-vietnamese.ts'
import { splitMailText, splitSubject } from './mail-text.ts'

const OLD = 'Kính gửi ông/bà,\nđã tiếp nhận.'
const QUOTE = OLD.replace(/^/gm, '> ')

describe('an answer above its quote', () => {
  it.each([
    ['Gmail', `Vào Th 2, 23 thg 11, 2026 vào lúc 08:00 A B <a@b.vn> đã viết:\n\n${QUOTE}`],
    ['Gmail, wrapped', `Vào Th 2, 23 thg 11, 2026 vào lúc 08:00 Phản ánh hiện trường <\na@b.vn>\nđã viết:\n${QUOTE}`],
    ['Gmail, the name first', `A B <a@b.vn> đã viết vào Th 2, 23 thg 11, 2026 lúc 08:00:\n${OLD}`],
    ['Gmail, English', `On Mon, 23 Nov 2026 at 08:00, A B <a@b.vn> wrote:\n${QUOTE}`],
    ['Apple Mail', `Vào 23 thg 11, 2026, lúc 08:00, A B <a@b.vn> đã viết:\n\n${QUOTE}`],
    ['Yahoo', `Vào Thứ Hai, 23 tháng 11, 2026 lúc 08:00:00 GMT+7, A B <a@b.vn> đã viết:\n\n${OLD}`],
    ['Outlook', `Từ: A B\nĐã gửi: Thứ Hai, 23 Tháng 11 2026 8:00 SA\nĐến: Lan\nChủ đề: x\n\n${OLD}`],
    ['Outlook with a rule', `________________________________\n\nFrom: A <a@b.vn>\nSent: Monday\nTo: Lan\n\n${OLD}`],
    ['Outlook, old', `-----Original Message-----\nFrom: A\nSent: x\n\n${OLD}`],
    ['Zimbra', `----- Tin nhắn gốc -----\nTừ: "A" <a@b.vn>\nĐến: lan@b.vn\nĐã gửi: Thứ Hai\nChủ đề: x\n\n${OLD}`],
    ['Gmail, a bold header', `*Từ:* A <a@b.vn>\n*Ngày:* x\n*Chủ đề:* y\n\n${OLD}`],
    ['a phone', `Gửi từ iPhone của tôi\n\n${QUOTE}`],
    ['a program', `Tải Outlook cho iOS\n________________________________\nTừ: A <a@b.vn>\nĐã gửi: x\nĐến: Lan\n${OLD}`],
    ['a delimiter', `-- \nNguyễn Văn A\nĐT 0912 345 678`],
    ['closing words', `Xin trân trọng cảm ơn!\nNguyễn Văn A\nĐT 0912 345 678`],
    ['English closing words', 'Best regards,\nA'],
  ])('%s', (_, below) => {
    const { content, aside } = splitMailText(`Hố sâu 40 cm.\nCó xe ngã.\n\n${below}`)
    expect(content).toBe('Hố sâu 40 cm.\nCó xe ngã.')
    expect(lines(aside)).toEqual(lines(below))
  })
})

it.each<readonly [what: string, text: string, content: string]>([
  ['an answer below the quote', `Vào lúc 08:00, A <a@b.vn> đã viết:\n${QUOTE}\n\nĐúng vậy.`, 'Đúng vậy.'],
  ['answers between the lines', '> Ở đâu?\nKm 12.\n> Khi nào?\nSáng nay.', 'Km 12.\nSáng nay.'],
  ['a postscript', 'Rác.\n\nTrân trọng,\nA\nTái bút: gần chợ.', 'Rác.\n\nTái bút: gần chợ.'],
  [
    'what another person is said to have said',
    'Ngày 20/11 ông A đã viết:\nSẽ sửa đường.',
    'Ngày 20/11 ông A đã viết:\nSẽ sửa đường.',
  ],
  [
    'a stretch of road',
    'Từ: km 12\nĐến: km 15\nNgày: 20/11\nHỏng nặng.',
    'Từ: km 12\nĐến: km 15\nNgày: 20/11\nHỏng nặng.',
  ],
  [
    'closing words with a page below',
    `Trân trọng,\n${'Đoạn dài.\n'.repeat(20)}`,
    `Trân trọng,\n${'Đoạn dài.\n'.repeat(20)}`.trim(),
  ],
  [
    'words that begin like closing ones',
    'Rác.\nTrân trọng mời đoàn về xem.\nCảm ơn.',
    'Rác.\nTrân trọng mời đoàn về xem.\nCảm ơn.',
  ],
])('leaves in place %s', (_, text, content) => {
  expect(splitMailText(text).content).toBe(content)
})

it.each<readonly [what: string, text: string, forwarded: boolean]>([
  [
    'Gmail',
    '---------- Forwarded message ---------\nTừ: Pan <p@b.vn>\nDate: x\nSubject: y\nTo: z\n\nNgập ở bản.',
    false,
  ],
  ['Gmail, Vietnamese', '---------- Tin nhắn đã chuyển tiếp ---------\nTừ: Pan\nNgày: x\n\nNgập ở bản.', false],
  ['Apple Mail', 'Bắt đầu thư được chuyển tiếp:\n\n> Từ: Pan <p@b.vn>\n> Chủ đề: y\n>\n> Ngập ở bản.', false],
  ['Outlook, by its subject', 'From: Pan <p@b.vn>\nSent: x\nTo: y\nSubject: z\n\nNgập ở bản.', true],
  ['Outlook, old', '-----Original Message-----\nFrom: Pan\nSent: x\n\nNgập ở bản.', true],
])('takes what is forwarded for content: %s', (_, text, forwarded) => {
  expect(splitMailText(text, forwarded).content).toBe('Ngập ở bản.')
  expect(splitMailText(`Xin xem giúp.\n\n${text}`, forwarded).content).toBe('Xin xem giúp.\n\nNgập ở bản.')
})

it.each<readonly [subject: string, title: string, forwarded: boolean]>([
  ['Re: Re: Ổ gà', 'Ổ gà', false],
  ['RE[2]: Fwd: Ổ gà', 'Ổ gà', false],
  ['FW: Trả lời: Ổ gà', 'Ổ gà', true],
  ['Chuyển tiếp: Ổ gà', 'Ổ gà', true],
  ['TL: CT: Ổ gà', 'Ổ gà', false],
  ['Tình trạng: Ổ gà', 'Tình trạng: Ổ gà', false],
])('subject %s', (subject, title, forwarded) => {
  expect(splitSubject(subject)).toEqual({ title, forwarded })
})

it('loses no line, whatever stands in it', () => {
  const line = fc.constantFrom(
    ...[
      '',
      'Hố sâu.',
      '> cũ',
      '>> cũ hơn',
      '-- ',
      'Trân trọng,',
      'Gửi từ iPhone của tôi',
      'Từ: A <a@b.vn>',
      'Chủ đề: x',
      'Tới: y',
    ],
    ...[
      'Vào lúc 8:00 A <a@b.vn> đã viết:',
      '-----Original Message-----',
      'Begin forwarded message:',
      '_____',
      'T.B.: thêm',
    ],
  )
  fc.assert(
    fc.property(fc.array(line, { maxLength: 30 }), fc.boolean(), (written, forwarded) => {
      const { content, aside } = splitMailText(written.join('\n'), forwarded)
      expect([...lines(content), ...lines(aside)].sort()).toEqual(lines(written.join('\n')).sort())
    }),
  )
})

it('takes time in proportion to the text', () => {
  const begin = performance.now()
  for (const line of [
    'a\n',
    '> \n',
    '\n',
    '_____\n',
    'Từ: a@b\n',
    'Vào 1:00 @\n',
    '-- \n',
    'Begin forwarded message:\n',
  ])
    splitMailText(line.repeat(100_000), true)
  splitSubject('Re: '.repeat(10_000))
  expect(performance.now() - begin).toBeLessThan(10_000)
})

it.each([
  ['KÝnh göi UBND x·, ®­êng vµo th«n bÞ háng', 'Kính gửi UBND xã, đường vào thôn bị hỏng'],
  ['à été français', 'à été français'],
  ['Đường vào thôn bị hỏng', 'Đường vào thôn bị hỏng'],
])('TCVN3: %s', (read, meant) => {
  expect(repairTcvn3(read)).toBe(meant)
})

/** Without blank lines and the marks that forwarding takes off. */
function lines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.replace(/^[> ]+/, '').trim())
    .filter((line) => line !== '')
}
