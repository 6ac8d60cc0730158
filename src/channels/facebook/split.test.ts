import fc from 'fast-check'
import { expect, it } from 'vitest'
import { shorten, split } from './split.ts'

const whole = (text: string) => text.replace(/\s+/g, '')

it('cuts between lines, else between words, else between letters', () => {
  const line = 'x'.repeat(1500)
  expect(split(`${line}\n${line}`)).toEqual([line, line])
  expect(split('mười hai '.repeat(300)).every((part) => !/^\s|\s$/.test(part) && /^(?:mười|hai)/.test(part))).toBe(true)
  expect(split('x'.repeat(4500)).map(({ length }) => length)).toEqual([2000, 2000, 500])
})

it('never cuts a letter in halves', () => {
  for (const before of ['', 'x']) {
    const parts = split(before + '🕳'.repeat(2500))
    expect(parts.join('')).toBe(before + '🕳'.repeat(2500))
    for (const part of parts) expect(Buffer.from(part).toString()).toBe(part)
    expect(Buffer.from(shorten(before + '🕳'.repeat(2500))).toString()).not.toContain('\uFFFD')
  }
})

it('loses nothing, and keeps to the limit, whatever the text', () => {
  const text = fc.array(
    fc.oneof(fc.string({ unit: 'grapheme' }), fc.constant('🕳'.repeat(900)), fc.constant(' \n'), fc.string()),
    {
      maxLength: 40,
    },
  )
  fc.assert(
    fc.property(text, (words) => {
      const given = words.join(' ')
      const parts = split(given)
      expect(whole(parts.join(''))).toBe(whole(given))
      for (const part of parts) expect(part.length).toBeLessThanOrEqual(2000)
      expect(shorten(given).length).toBeLessThanOrEqual(2000)
    }),
  )
})
