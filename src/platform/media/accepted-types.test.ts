import { supportedMimeTypes } from 'file-type'
import { expect, it } from 'vitest'
import { ACCEPTED_TYPES, isAcceptedType, isPhotoType, isVideoType } from './accepted-types.ts'

it.each(ACCEPTED_TYPES)('%s is a type that the bytes can tell', (type) => {
  expect(supportedMimeTypes).toContain(type)
  expect(isAcceptedType(type)).toBe(true)
  expect(isPhotoType(type)).not.toBe(isVideoType(type))
})

it.each(['image/svg+xml', 'text/html', 'application/octet-stream', 'application/pdf', 'audio/mp4', 'toString', ''])(
  '%j is not accepted',
  (type) => {
    expect(isAcceptedType(type)).toBe(false)
  },
)
