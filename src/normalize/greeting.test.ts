import { expect, it } from 'vitest'
import { saysNothing } from './greeting.ts'
import { fold } from './text.ts'

it.each([
  ['', true],
  ['alo', true],
  ['Alo cho em hỏi với ạ', true],
  ['Xin chào, có ai ở đó không?', true],
  ['Tôi muốn phản ánh', true],
  ['Mất điện', false],
  ['Chào ad, cây đổ', false],
  ['Cháy!', false],
])('%j: %s', (text, nothing) => {
  expect(saysNothing(fold(text))).toBe(nothing)
})
