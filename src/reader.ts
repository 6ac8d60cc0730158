import { move, transferableSymbol, valueSymbol } from 'piscina'
import type { Item } from './channels/channel.ts'
import { type Reading, unpack } from './packed.ts'
import { type Read, readHere } from './readers.ts'

/** Runs in a worker thread of `readers.ts`. Files that were found go back without being copied. */
export default async function read({ asked, packed }: Reading) {
  const results: Read[] = []
  for (const [i, envelope] of unpack(packed).entries())
    results.push(await readHere(asked[i]!.kind, envelope, asked[i]!.settings))
  return move({ [transferableSymbol]: buffersOf(results), [valueSymbol]: results })
}

function buffersOf(results: readonly Read[]): ArrayBufferLike[] {
  const files = results.flatMap((items) => ('unreadable' in items ? [] : items.flatMap(filesOf)))
  // A small one lies in the pool together with what else is small: it is copied.
  return [...new Set(files.filter(({ buffer }) => buffer.byteLength > Buffer.poolSize).map(({ buffer }) => buffer))]
}

function filesOf(item: Item): Uint8Array[] {
  const submitted = item.item === 'ignored' ? item.as : item
  return submitted?.item === 'submitted' ? (submitted.attachments ?? []).map(({ bytes }) => bytes) : []
}
