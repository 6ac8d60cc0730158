import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Submitted } from '../../channels/channel.ts'
import { makeGazetteer } from '../../normalize/place.ts'
import { readItem } from './read-item.ts'

const unit = (code: string, name: string, period: string) => ({ code, name, period, type: 'Xã', parent: '11' })
const NAMES = makeGazetteer([
  unit('03160', 'Mường Nhé', '2025-07-01'),
  unit('03161', 'Mường Nhé', '2020-01-01'),
  unit('03162', 'Nậm Kè', '2025-07-01'),
  unit('03202', 'Mường Pồn', '2025-07-01'),
])

const item = (more: Partial<Submitted> = {}): Submitted => ({
  item: 'submitted',
  event: 'e1',
  keys: ['e1'],
  sender: { name: 'Lò Văn Mẫu', phone: '0912 345 678' },
  content: 'Hố ga mất nắp',
  identitySecret: false,
  contentSecret: false,
  files: [],
  ...more,
})
const EMPTY = { classes: [], bias: [], weights: {} }
const READER = { units: NAMES, places: new Map(), matters: EMPTY, urgency: EMPTY }
const HERE = { province: '11', receivedAt: new Date('2026-11-20T08:00:00+07:00') }
const read = (more: Partial<Submitted> = {}) => readItem(item(more), READER, HERE)

describe('the sender', () => {
  it.each<[string, Submitted['sender'], Submitted['sender']]>([
    [
      'as they mean themselves',
      { name: 'ÔNG LÒ VĂN MẪU', phone: '(+84) 912-345-678', email: 'Mẫu <Mau@Example.vn>' },
      { name: 'Lò Văn Mẫu', phone: '+84912345678', email: 'mau@example.vn' },
    ],
    [
      'as they wrote it where it cannot be read',
      { name: 'ẩn danh', phone: '1022' },
      { name: 'ẩn danh', phone: '1022' },
    ],
    ['without what they did not give', {}, {}],
  ])('is read %s', (_, sender, contact) => {
    expect(read({ sender }).contact).toEqual(contact)
  })
})

describe('what is kept in the clear', () => {
  const OWN = 'Tôi là LÒ VĂN MẪU, 0912.345.678, CCCD 011190001234, xe 27B1-456.78, thư mau@example.vn'

  it('is masked, wherever it was written', () => {
    const found = read({ content: OWN, title: OWN, address: OWN, category: OWN })
    const shown = 'Tôi là ●●●, ●●●, CCCD ●●●, xe ●●●, thư ●●●'
    expect(found).toMatchObject({ title: shown, text: shown, address: shown })
    expect(found.readings['picked']).toEqual({ value: shown, confidence: 0.5, from: 'picked by the sender' })
    expect(found.folded).toBe('toi la cccd xe thu')
  })

  it.each<[string, string, string]>([
    ['a NUL', 'a\u0000b', 'ab'],
    ['half a surrogate pair', 'a\ud800b', 'a\ufffdb'],
    ['accents apart', 'Hố ga'.normalize('NFD'), 'Hố ga'],
    ['what nobody sees around it', '\u200b \u00a0Hố ga\u00ad\n ', 'Hố ga'],
  ])('holds only what a database keeps: %s', (_, written, kept) => {
    const found = read({ content: written, title: written, address: written, category: written })
    expect(found).toMatchObject({ title: kept, text: kept, address: kept })
    expect(found.readings['picked']?.value).toBe(kept)
  })

  it('leaves out what shows nothing', () => {
    const found = read({ title: '\u200b', address: '\u0000 ', category: '\u00ad' })
    expect(found).toMatchObject({ title: 'Hố ga mất nắp', address: undefined, readings: {} })
  })

  it('is found again by its folded text', () => {
    const [one, other] = [read({ content: 'Hố ga mất nắp!' }), read({ content: 'HỐ GA — mất nắp' })]
    expect(one.folded).toBe('ho ga mat nap')
    expect(one.foldedHash).toEqual(createHash('sha256').update('ho ga mat nap').digest())
    expect(other.foldedHash).toEqual(one.foldedHash)
  })
})

describe('a title that the sender did not give', () => {
  const words = (letters: number) => 'chín chữ '.repeat(letters).slice(0, letters)

  it.each<[string, string, string]>([
    ['is the first line', 'Hố ga mất nắp\nNguy hiểm lắm', 'Hố ga mất nắp'],
    ['is all of it at 80 letters', `${words(79)}x`, `${words(79)}x`],
    ['ends with a whole word', words(200), `${words(77).trimEnd()}…`],
    ['ends within a word that has no end', 'x'.repeat(200), `${'x'.repeat(40)}…`],
    ['never ends within a glyph', `${'x'.repeat(39)}😀${'x'.repeat(100)}`, `${'x'.repeat(39)}…`],
    ['holds the mark and not the name', 'Lò Văn Mẫu báo hố ga', '●●● báo hố ga'],
  ])('%s', (_, content, title) => {
    expect(read({ content }).title).toBe(title)
  })
})

describe('the place', () => {
  it.each<[string, Partial<Submitted>, object]>([
    [
      'is the one unit that is named',
      { content: 'ở xã Nậm Kè' },
      { value: '03162@2025-07-01', from: 'text', candidates: ['03162@2025-07-01'] },
    ],
    [
      'is left open between two of one name',
      { content: 'ở xã Mường Nhé' },
      { value: null, from: 'text', candidates: ['03160@2025-07-01', '03161@2020-01-01'] },
    ],
    ['is the address’s before the title’s', { address: 'xã Nậm Kè', title: 'xã Mường Pồn' }, { from: 'address' }],
    ['is the title’s before the text’s', { title: 'xã Nậm Kè', content: 'xã Mường Pồn' }, { from: 'title' }],
    ['is the text’s where the address says none', { address: 'trước nhà', content: 'xã Nậm Kè' }, { from: 'text' }],
  ])('%s', (_, more, unitRead) => {
    expect(read(more).readings['unit']).toMatchObject(unitRead)
  })

  it('is not read where none is named', () => {
    expect(read().readings['unit']).toBeUndefined()
  })

  it('is the pin as it was set', () => {
    expect(read({ point: { lat: 21.4, lng: 103 } }).point).toEqual({ lat: 21.4, lng: 103 })
  })
})

it('reads the same twice', () => {
  const same = item({ title: 'Hố ga', address: 'xã Nậm Kè' })
  expect(readItem(same, READER, HERE)).toEqual(readItem(same, READER, HERE))
})
