const BYTEA_OID = 17
const HEADER_BYTES = 20

/**
 * A `bytea[]` parameter in PostgreSQL's binary format (array_recv): one dimension, then each element behind its length. The driver alone
 * writes arrays as text, in which a byte becomes two digits that are escaped here and parsed there.
 */
export function byteaArray(elements: readonly Buffer[]): Buffer {
  const array = Buffer.allocUnsafe(elements.reduce((sum, element) => sum + 4 + element.length, HEADER_BYTES))
  array.writeInt32BE(1, 0) // dimensions
  array.writeInt32BE(0, 4) // no nulls
  array.writeInt32BE(BYTEA_OID, 8)
  array.writeInt32BE(elements.length, 12)
  array.writeInt32BE(1, 16) // the first index
  let at = HEADER_BYTES
  for (const element of elements) {
    array.writeInt32BE(element.length, at)
    at += 4 + element.copy(array, at + 4)
  }
  return array
}

/** An array as PostgreSQL reads it, of ids, times and numbers: they hold no character that the driver would have to look for and escape. */
export function plainArray(values: readonly (string | number | boolean)[]): string {
  return `{${values.join(',')}}`
}
