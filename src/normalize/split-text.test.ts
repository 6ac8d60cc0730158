import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { measure } from './sms-segments.ts'
import { splitText } from './split-text.ts'

const fits = (text: string): boolean => measure(text).units <= 40
const bare = (text: string): string => text.replace(/\s/g, '')
const unmarked = (parts: readonly string[]): string => parts.map((part) => part.replace(/^\(\d+\/\d+\) /, '')).join(' ')

describe('a long text', () => {
  it('that fits is one message, and has no mark', () => {
    expect(splitText(' Da tiep nhan. ', fits)).toEqual(['Da tiep nhan.'])
  })

  it('is cut between words, and says which part is which', () => {
    expect(splitText('UBND xa tra loi: da sua xong doan duong bi hong, moi ong ba xem.', fits)).toEqual([
      '(1/3) UBND xa tra loi: da sua xong',
      '(2/3) doan duong bi hong, moi ong ba',
      '(3/3) xem.',
    ])
  })

  it('cuts into a word that alone is too long, and into no emoji', () => {
    const parts = splitText('😀'.repeat(60), fits)
    expect(parts.length).toBeGreaterThan(1)
    expect(parts.join('')).not.toMatch(/\p{Cs}/u)
  })

  it.each([
    ['GSM-7', 'chu '.repeat(4000), (text: string) => measure(text).units <= 1600],
    ['UCS-2', 'chữ '.repeat(4000), (text: string) => measure(text).segments <= 3],
  ])('of 16,000 letters in %s goes out whole', (_, text, most) => {
    const parts = splitText(text, most)
    expect(parts.every(most)).toBe(true)
    expect(bare(unmarked(parts))).toBe(bare(text))
  })

  it('loses nothing, whatever it is', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 400 }),
      fc.string({ unit: 'binary', maxLength: 400 }),
    )
    fc.assert(
      fc.property(texts, (text) => {
        const parts = splitText(text, fits)
        expect(parts.every(fits)).toBe(true)
        expect(parts.length === 1 ? bare(parts[0]!) : bare(unmarked(parts))).toBe(bare(text))
      }),
    )
  })
})
