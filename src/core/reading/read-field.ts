import type { ReadingValue } from '../tables/reading.ts'
import { MATTERS, type ReadField } from '../words.ts'

const KINDS: readonly unknown[] = ['report', 'followup', 'petition', 'praise', 'question', 'spam']
const MISSABLE: readonly unknown[] = ['name', 'phone', 'place', 'content']
const MATTER: readonly unknown[] = MATTERS
const TIME = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?\+07:00)?$/

/** Whether a field can have this value; null: there is none. */
export function isReadValue(field: ReadField, value: ReadingValue): boolean {
  switch (field) {
    case 'kind':
      return KINDS.includes(value)
    case 'category':
      return value === null || MATTER.includes(value)
    case 'ward':
    case 'district':
      return value === null || (typeof value === 'string' && value.trim() !== '' && value.length <= 100)
    case 'occurredAt':
      return value === null || (typeof value === 'string' && TIME.test(value) && !Number.isNaN(Date.parse(value)))
    case 'missing':
      return Array.isArray(value) && value.every((code) => MISSABLE.includes(code))
    default:
      return typeof value === 'boolean'
  }
}
