import { isFault } from '../../core/fault.ts'
import type { Channel } from '../channel.ts'
import { fetchZalo } from './fetch.ts'
import { readZalo } from './read.ts'
import { checkZalo, sender } from './send.ts'
import { ZaloSettings } from './settings.ts'
import { accessToken } from './tokens.ts'
import { verifyZalo } from './verify.ts'

/** A Zalo Official Account: what people write to it, and short answers while Zalo lets us. */
export const zalo: Channel<ZaloSettings> = {
  kind: 'zalo',
  settings: ZaloSettings,
  secrets: ['secretKey', 'appSecret', 'refreshToken'],
  intakes: [{ intake: 'webhook', maxBytes: 256 * 1024, verify: verifyZalo }],
  read: async (envelope, settings) => readZalo(envelope, settings),
  // A video or a file; what is larger no report may bring.
  maxAnswerBytes: 25 * 1024 * 1024,
  fetchFile: fetchZalo,
  // Zalo comes again for twelve hours with what was not answered, and is asked for nothing. But a refresh token that nobody uses for three months
  // ends, and one that is no good must show before an answer needs it.
  reconcile: async function* (_, ctx) {
    const token = await accessToken(ctx)
    if (isFault(token)) yield token
  },
  send: sender,
  check: checkZalo,
}
