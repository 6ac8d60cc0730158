import { describe, expect, it } from 'vitest'
import { measure } from './sms-segments.ts'

/** 3GPP TS 23.038 and 23.040; the same numbers as Twilio's calculator (https://twiliodeved.github.io/message-segment-calculator/). */
describe('how long a text is on the air', () => {
  it.each<readonly [what: string, text: string, alphabet: string, units: number, segments: number]>([
    ['nothing', '', 'GSM-7', 0, 0],
    ['one letter', 'a', 'GSM-7', 1, 1],
    ['a full message', 'a'.repeat(160), 'GSM-7', 160, 1],
    ['a letter more', 'a'.repeat(161), 'GSM-7', 161, 2],
    ['two full ones', 'a'.repeat(306), 'GSM-7', 306, 2],
    ['a letter more than two', 'a'.repeat(307), 'GSM-7', 307, 3],
    ['the Vietnamese letters that phones have', 'àèéìòùÉ', 'GSM-7', 7, 1],
    ['one that they have not', `${'a'.repeat(70)}ạ`, 'UCS-2', 71, 2],
    ['đ, which looks harmless', 'đ', 'UCS-2', 1, 1],
    ['a full message of those', 'đ'.repeat(70), 'UCS-2', 70, 1],
    ['two full ones of those', 'đ'.repeat(134), 'UCS-2', 134, 2],
    ['a letter more', 'đ'.repeat(135), 'UCS-2', 135, 3],
    ['the extension table: two septets each', '^{}\\[~]|€', 'GSM-7', 18, 1],
    ['an escape that would be parted from its letter', `${'a'.repeat(152)}€${'a'.repeat(152)}`, 'GSM-7', 306, 3],
    ['an emoji that would be parted', `${'đ'.repeat(66)}😀${'đ'.repeat(66)}`, 'UCS-2', 134, 3],
    ['a letter in two characters', 'e\u0301', 'UCS-2', 2, 1],
    ['a grave accent of the keyboard', '`', 'UCS-2', 1, 1],
    ['a line break', 'a\r\nb', 'GSM-7', 4, 1],
  ])('%s', (_, text, alphabet, units, segments) => {
    expect(measure(text)).toEqual({ alphabet, units, segments })
  })
})
