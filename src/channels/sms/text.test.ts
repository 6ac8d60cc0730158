import { expect, it } from 'vitest'
import { measure } from '../../normalize/sms-segments.ts'
import { textOf } from './text.ts'

const SHORT =
  'Điện Biên, phản ánh DB-26-7K3M-9QXT: UBND xã Mường Nhé trả lời: “Đã sửa” – xong… https://paht.vn/x/DB-26-7K3M-9QXT'

it('goes without accents and typographers’ signs, so that it stays in the alphabet that every phone has', () => {
  const text = textOf({ short: SHORT }, { accents: false })
  expect(text).toBe(
    'Dien Bien, phan anh DB-26-7K3M-9QXT: UBND xa Muong Nhe tra loi: "Da sua" - xong... https://paht.vn/x/DB-26-7K3M-9QXT',
  )
  expect(measure(text)).toMatchObject({ alphabet: 'GSM-7', segments: 1 })
})

it('goes as it is where the setting says so', () => {
  expect(textOf({ short: SHORT }, { accents: true })).toBe(SHORT)
  expect(measure(SHORT)).toMatchObject({ alphabet: 'UCS-2', segments: 2 })
})
