import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib'

const LOCAL = 0x04034b50
const CENTRAL = 0x02014b50
const END = 0x06054b50
const DEFLATED = 8
const STORED = 0
/** Names are UTF-8. */
const FLAGS = 0x0800
const MOST_BYTES = 200 * 1024 * 1024

export class NotOneFile extends Error {}

export function isZip(bytes: Buffer): boolean {
  return bytes.length > 3 && bytes.readUInt32LE(0) === LOCAL
}

/** The one file in a zip. An attachment is a file or a zip of it, so a second one is nobody's. */
export function unzipOne(archive: Buffer): { name: string; bytes: Buffer } {
  const end = archive.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'))
  if (end < 0 || end + 22 > archive.length) throw new NotOneFile('zip hỏng: không có mục lục')
  const count = archive.readUInt16LE(end + 10)
  if (count !== 1) throw new NotOneFile(`zip có ${count} tệp, chỉ được một`)
  try {
    return entryAt(archive, archive.readUInt32LE(end + 16))
  } catch (error) {
    if (error instanceof NotOneFile) throw error
    throw new NotOneFile('zip hỏng', { cause: error })
  }
}

function entryAt(archive: Buffer, central: number): { name: string; bytes: Buffer } {
  if (archive.readUInt32LE(central) !== CENTRAL) throw new NotOneFile('zip hỏng: mục lục')
  const method = archive.readUInt16LE(central + 10)
  const sum = archive.readUInt32LE(central + 16)
  const packedSize = archive.readUInt32LE(central + 20)
  const name = archive.toString('utf8', central + 46, central + 46 + archive.readUInt16LE(central + 28))
  const local = archive.readUInt32LE(central + 42)
  const from = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28)
  const packed = archive.subarray(from, from + packedSize)
  if (method !== STORED && method !== DEFLATED) throw new NotOneFile(`zip nén kiểu ${method}`)
  const bytes = method === STORED ? Buffer.from(packed) : inflateRawSync(packed, { maxOutputLength: MOST_BYTES })
  if (crc32(bytes) !== sum) throw new NotOneFile('zip hỏng: CRC sai')
  return { name, bytes }
}

export function zip(files: readonly { readonly name: string; readonly bytes: Buffer }[]): Buffer {
  const locals: Buffer[] = []
  const centrals: Buffer[] = []
  let offset = 0
  for (const { name, bytes } of files) {
    const title = Buffer.from(name)
    const packed = deflateRawSync(bytes)
    const facts = Buffer.alloc(26)
    facts.writeUInt16LE(20, 0)
    facts.writeUInt16LE(FLAGS, 2)
    facts.writeUInt16LE(DEFLATED, 4)
    facts.writeUInt32LE(crc32(bytes), 10)
    facts.writeUInt32LE(packed.length, 14)
    facts.writeUInt32LE(bytes.length, 18)
    facts.writeUInt16LE(title.length, 22)
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(offset, 10)
    locals.push(word(LOCAL), facts, title, packed)
    centrals.push(word(CENTRAL), short(20), facts, tail, title)
    offset += 30 + title.length + packed.length
  }
  const directory = Buffer.concat(centrals)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(files.length, 4)
  end.writeUInt16LE(files.length, 6)
  end.writeUInt32LE(directory.length, 8)
  end.writeUInt32LE(offset, 12)
  return Buffer.concat([...locals, directory, word(END), end])
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

function short(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16LE(value)
  return bytes
}
