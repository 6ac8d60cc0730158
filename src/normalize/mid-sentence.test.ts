import { expect, it } from 'vitest'
import { endsMidSentence } from './mid-sentence.ts'

it.each([
  ['', false],
  ['Đường lầy lội, xe không qua được.', false],
  ['Đường lầy lội xe không qua', false],
  ['Đèn đường hỏng rồi…', false],
  ['Anh nói "sửa ngay."', false],
  ['Cống nghẹt, nước tràn,', true],
  ['Cống nghẹt ở', true],
  ['cong nghet o', true],
  ['Nước ngập nhà và', true],
  ['Tại ngã tư (', true],
  // Where phones cut: the last word that fitted.
  ['a'.repeat(159), true],
  ['a'.repeat(160), true],
  ['ắ'.repeat(70), true],
  ['ắ'.repeat(66), true],
  ['a'.repeat(120), false],
])('%j ends in the middle of a sentence: %s', (text, expected) => {
  expect(endsMidSentence(text)).toBe(expected)
})
