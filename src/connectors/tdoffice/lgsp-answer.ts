import { z } from 'zod'
import { type Fault, fault } from '../../core/fault.ts'
import { faultOfAnswer } from '../../core/fault-of-answer.ts'
import type { FaultCode } from '../../core/words.ts'
import type { HttpAnswer } from '../../platform/outgoing/http.ts'

/**
 * Codes of the guide "Hướng dẫn kết nối liên thông văn bản" v2.2, §4, as public code repeats them. A missing receiver is this case's trouble; a wrong
 * key or an unregistered sender would stop every case alike.
 */
const CODES: Readonly<Record<string, readonly [FaultCode, string]>> = {
  '10': ['rejected', 'the file is not valid, or there is no such document'],
  '15': ['config', 'X-SystemId or X-SecretKey is wrong'],
  '18': ['rejected', 'there is no such receiver'],
  '19': ['config', 'the sender is not registered'],
  '20': ['unreachable', 'the exchange itself is in trouble'],
  '21': ['rejected', 'an attachment cannot be dealt with'],
  '22': ['rejected', 'it is not edXML as the standard wants it'],
  '23': ['rejected', 'the receiver is locked'],
}

const Id = z.union([z.string(), z.number().transform(String)]).pipe(z.string().regex(/^[^\p{Cc}\p{Cs}]{1,200}$/u))

const Refusal = z.object({
  errorCode: z.union([z.string(), z.number()]).transform(String),
  docId: Id.optional().catch(undefined),
})

const Body = z.object({ success: z.boolean(), docId: Id.optional().catch(undefined), data: z.unknown().optional() })
export type Body = z.output<typeof Body>

/**
 * What the exchange said: its body where it did what was asked, else whose fault it is. What it writes about a document may repeat a citizen's
 * words: that is in the trace, never in a message.
 */
export function bodyOf(answer: HttpAnswer, at: Date): Body | Fault {
  const byStatus = faultOfAnswer(answer, at)
  // Its own trouble, whatever it adds; and a gateway's refusal is not about the document.
  if (byStatus !== undefined && (byStatus.fault === 'unreachable' || byStatus.fault === 'throttled')) return byStatus
  if (answer.status === 401 || answer.status === 403) return byStatus!
  const body = Body.safeParse(parsed(answer.body)).data
  if (body?.success === false) return faultOfRefusal(body, answer.status)
  if (byStatus !== undefined) return byStatus
  return body ?? fault('config', `Answered ${answer.status}, but not as the exchange does`, { outcomeUnknown: true })
}

function faultOfRefusal(body: Body, status: number): Fault {
  const refusal = Refusal.safeParse(body.data).data
  if (refusal === undefined) return fault('rejected', `The exchange refused without a code (${status})`)
  const { errorCode, docId } = refusal
  const [code, meaning] = CODES[errorCode] ?? []
  if (code !== undefined) {
    return fault(code, `The exchange refused with code ${errorCode}: ${meaning}`, {
      outcomeUnknown: code === 'unreachable',
    })
  }
  const message = `The exchange refused with a code that is not documented (${status})`
  return docId === undefined ? fault('rejected', message) : fault('duplicate', message, { existingId: docId })
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch {
    return undefined
  }
}
