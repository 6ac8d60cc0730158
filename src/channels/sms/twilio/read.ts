import type { Envelope, Item, Receipt, RemoteFile, Unreadable } from '../../channel.ts'
import { type Incoming, itemOf } from '../incoming.ts'
import type { TwilioSettings } from '../settings.ts'
import { formOf } from './form.ts'

/** https://www.twilio.com/docs/messaging/guides/webhook-request: up to ten. */
const MOST_MEDIA = 10

const SID = /^[A-Z]{2}[0-9a-f]{32}$/i

/** One webhook is one message, or one word about a message of ours. */
export function readTwilio({ body }: Envelope, settings: TwilioSettings): readonly Item[] | Unreadable {
  const form = formOf(body)
  const get = (name: string): string => form[name]?.[0] ?? ''
  const sids = [get('MessageSid'), get('SmsSid'), get('SmsMessageSid')].filter((sid) => SID.test(sid))
  if (sids.length === 0) return { unreadable: 'no MessageSid' }
  const status = get('MessageStatus').toLowerCase()
  if (status !== '' && status !== 'received' && status !== 'receiving') {
    return [receiptOf(sids[0]!, status, get('ErrorCode'))]
  }
  const remote = mediaOf(get)
  const keyword = KEYWORDS[get('OptOutType').toUpperCase()]
  return [
    itemOf(
      {
        ids: sids,
        from: get('From'),
        text: get('Body'),
        ...(remote.length > 0 && { remote }),
        ...(keyword !== undefined && { keyword }),
      },
      settings,
    ),
  ]
}

/** HELP is none: it may be a cry for it. https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out */
const KEYWORDS: Readonly<Record<string, Incoming['keyword']>> = { STOP: 'opt-out', START: 'opt-in' }

function mediaOf(get: (name: string) => string): RemoteFile[] {
  const media: RemoteFile[] = []
  for (let i = 0; i < MOST_MEDIA; i++) {
    const ref = get(`MediaUrl${i}`)
    if (ref === '') break
    media.push({ ref: ref.slice(0, 2000), name: `mms-${i + 1}.${endingOf(get(`MediaContentType${i}`))}` })
  }
  return media
}

/** MMS gives its files no names. */
function endingOf(type: string): string {
  const subtype = /^\w+\/([a-z0-9]{1,8})\b/i.exec(type)?.[1]?.toLowerCase()
  return subtype === 'jpeg' ? 'jpg' : (subtype ?? 'bin')
}

/** https://www.twilio.com/docs/messaging/guides/outbound-message-status-in-status-callbacks */
const RECEIPTS: Readonly<Record<string, Receipt['receipt']>> = {
  delivered: 'delivered',
  read: 'read',
  undelivered: 'bounced',
  failed: 'bounced',
  canceled: 'bounced',
}

/** Until a carrier says more, it is on its way: accepted, queued, sending, sent. */
function receiptOf(sid: string, status: string, errorCode: string): Receipt {
  const event = `${sid}:${status.slice(0, 40)}`
  return {
    item: 'receipt',
    event,
    keys: [event],
    receipt: RECEIPTS[status] ?? 'delayed',
    tokens: [],
    providerIds: [sid],
    text: /^\d{4,6}$/.test(errorCode) ? `${status.slice(0, 40)}, error ${errorCode}` : status.slice(0, 40),
  }
}
