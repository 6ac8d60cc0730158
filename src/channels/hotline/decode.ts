import { isUtf8 } from 'node:buffer'
import { repairTcvn3 } from '../../normalize/legacy-vietnamese.ts'
import { clean } from '../../normalize/text.ts'

/** A text of a call centre: UTF-8, UTF-16 as Windows saves it, or the codes of old programs. Undefined where it is no text. */
export function decode(bytes: Buffer): string | undefined {
  const text = toText(bytes)
  return text === undefined || text.includes('\0') ? undefined : clean(text)
}

function toText(bytes: Buffer): string | undefined {
  const mark = bytes.toString('hex', 0, 2)
  if (mark === 'fffe' || mark === 'feff')
    return new TextDecoder(mark === 'fffe' ? 'utf-16le' : 'utf-16be').decode(bytes)
  if (isUtf8(bytes)) return bytes.toString('utf8').replace(/^\uFEFF/, '')
  if (bytes.includes(0)) return undefined
  const western = bytes.toString('latin1')
  const repaired = repairTcvn3(western)
  return repaired === western ? new TextDecoder('windows-1258').decode(bytes) : repaired
}
