import { expect, it } from 'vitest'
import { describeError } from './describe-error.ts'

it('takes no parameter of a failed query, no row and no client', () => {
  const cause = Object.assign(new Error('duplicate key value violates unique constraint "x"'), {
    code: '23505',
    detail: 'Key (phone)=(0912345678) already exists.',
    client: { secretKey: 4711 },
  })
  const error = new Error('Failed query: insert into "reporter" values ($1)\nparams: Lò Văn Thử,0912345678', { cause })
  const text = JSON.stringify(describeError(error))
  expect(text).toContain('insert into')
  expect(text).toContain('23505')
  expect(text).not.toMatch(/0912345678|Lò Văn|4711/)
})

it('describes what is no error, and causes that go round in a circle', () => {
  expect(describeError('away')).toEqual({ type: 'string', message: 'away' })
  const error = new Error('a')
  error.cause = error
  expect(describeError(error).cause?.cause?.cause?.cause).toBeUndefined()
})
