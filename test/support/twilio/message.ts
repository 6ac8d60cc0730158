/** A Message as the API shows it: https://www.twilio.com/docs/messaging/api/message-resource */
export interface Message {
  readonly sid: string
  readonly direction: 'inbound' | 'outbound-api'
  readonly from: string | null
  readonly to: string
  readonly body: string
  readonly status: string
  readonly sentAt: Date
  readonly statusCallback: string | null
  readonly media: readonly Media[]
}

export interface Media {
  readonly sid: string
  readonly type: string
  readonly bytes: Buffer
}

export const API = '/2010-04-01'

export function resourceOf(message: Message, accountSid: string): object {
  const { sid, direction, from, to, body, status, sentAt, media } = message
  const uri = `${API}/Accounts/${accountSid}/Messages/${sid}`
  return {
    ...{ sid, account_sid: accountSid, api_version: '2010-04-01', direction, from, to, body, status },
    ...{ date_created: rfc2822(sentAt), date_sent: rfc2822(sentAt), date_updated: rfc2822(sentAt) },
    ...{ num_media: String(media.length), num_segments: '1', price: null, price_unit: 'USD' },
    ...{ error_code: null, error_message: null, messaging_service_sid: null },
    uri: `${uri}.json`,
    subresource_uris: { media: `${uri}/Media.json` },
  }
}

export function mediaOf({ sid, media }: Message, accountSid: string): object {
  const uri = `${API}/Accounts/${accountSid}/Messages/${sid}/Media`
  return {
    media_list: media.map((each) => ({
      ...{ sid: each.sid, account_sid: accountSid, parent_sid: sid, content_type: each.type },
      uri: `${uri}/${each.sid}.json`,
    })),
    ...{ page: 0, page_size: 50, next_page_uri: null, uri: `${uri}.json` },
  }
}

/** https://www.twilio.com/docs/messaging/guides/webhook-request: what a number's webhook is called with. */
export function hookForm(message: Message, by: { accountSid: string; url: string }): URLSearchParams {
  const { sid, from, to, body, media } = message
  const form = new URLSearchParams({
    ...{ ToCountry: 'VN', SmsMessageSid: sid, NumMedia: String(media.length), SmsSid: sid, SmsStatus: 'received' },
    ...{ FromCountry: 'VN', Body: body, To: to, NumSegments: '1', MessageSid: sid, AccountSid: by.accountSid },
    ...{ From: from ?? '', ApiVersion: '2010-04-01' },
  })
  media.forEach((each, i) => {
    form.append(`MediaContentType${i}`, each.type)
    form.append(`MediaUrl${i}`, `${by.url}${API}/Accounts/${by.accountSid}/Messages/${sid}/Media/${each.sid}`)
  })
  return form
}

/** `Mon, 23 Nov 2026 01:00:00 +0000` */
function rfc2822(at: Date): string {
  return at.toUTCString().replace('GMT', '+0000')
}
