import { describe, expect, it } from 'vitest'
import { makeLog } from './log.ts'

function logged(write: (log: ReturnType<typeof makeLog>) => void, level = 'info'): string[] {
  const lines: string[] = []
  write(makeLog(level, { write: (one) => void lines.push(one) }))
  return lines
}

const line = (fields: object) => logged((log) => log.info(fields, 'x'))[0]!

/** What was made of the fields: neither the time nor the lines of our own code. */
function told(fields: object): string {
  const hidden = new Set(['time', 'stack'])
  return JSON.stringify(JSON.parse(line(fields)), (name, value: unknown) => (hidden.has(name) ? '' : value))
}

describe('no phone number and no mail address leaves by the log', () => {
  it.each([
    '0912345678',
    '0912 345 678',
    '0912.345.678',
    '0912-345-678',
    '+84912345678',
    '(+84) 912 345 678',
    '84 912 345 678',
    'gọi 0912345678!',
    'gọi\n0912345678',
    '0912345678\n0987654321',
    '\t0912345678',
    'sđt:0912345678,',
    '"0912345678"',
    '0215 3825 333',
  ])('as a number: %j', (text) => {
    for (const fields of [{ text }, { deep: { list: [text] } }, { err: new Error(text) }])
      expect(told(fields)).not.toMatch(/\d{3}/)
  })

  it.each([
    'lan@example.vn',
    'gửi lan.le+1@mail.example.com.vn.',
    'a\nlan@example.vn',
    'mailto:lan@example.vn',
    '<lan@example.vn>',
  ])('as an address: %j', (text) => {
    for (const fields of [{ text }, { deep: { list: [text] } }, { err: new Error(text) }])
      expect(told(fields)).not.toMatch(/lan|example/)
  })

  it.each([912345678, 84912345678])('as a figure: %d', (phone) => {
    expect(JSON.parse(line({ phone, deep: [phone] }))).toMatchObject({ phone: '●', deep: ['●'] })
  })

  it('in the message itself', () => {
    const [said] = logged((log) => log.warn('gọi 0912345678, lan@example.vn'))
    expect(JSON.parse(said!)).toMatchObject({ msg: 'gọi ●, ●' })
  })

  it.each(['phone', 'email', 'name', 'address', 'secret', 'token'])(
    'in a field called %s, whatever it holds',
    (field) => {
      expect(JSON.parse(line({ one: { [field]: 'Lò Văn Mẫu' } }))).toMatchObject({ one: { [field]: '●' } })
    },
  )
})

describe('a line', () => {
  it.each<[string, object]>([
    ['an id', { submission: '01900000-0000-7000-8000-000000000000' }],
    ['an id of digits', { submission: '01912345-6789-7012-8345-678901234567' }],
    ['a code', { code: 'DB-26-7K3M-9QXT' }],
    ['a time', { at: '2026-10-19T02:00:00.000Z' }],
    ['a number of bytes', { bytes: 26_214_400 }],
    ['a count beyond any phone', { total: 1_234_567_890_123 }],
    ['a number below zero', { ms: -123456789 }],
    ['a fraction', { ms: 0.123456789 }],
    ['a hash', { id: 'a'.repeat(8) + '1'.repeat(56) }],
  ])('keeps what is no number of a person: %s', (_, fields) => {
    expect(JSON.parse(line(fields))).toMatchObject(fields)
  })

  it.each([
    'gọi\n0912345678',
    'a\nlan@example.vn',
    '\\n0912345678',
    'C:\\lan@example.vn',
    '\u00000912345678',
    '\u2028lan@example.vn',
  ])('is JSON whatever is taken out of it: %j', (text) => {
    expect(() => JSON.parse(line({ text, err: new Error(text) }))).not.toThrow()
  })

  it('has its time and its level, and no host', () => {
    expect(Object.keys(JSON.parse(line({})))).toEqual(['level', 'time', 'msg'])
  })

  it('is not written below the level', () => {
    expect(logged((log) => log.info('x'), 'warn')).toEqual([])
    expect(logged((log) => log.error('x'), 'silent')).toEqual([])
  })
})
