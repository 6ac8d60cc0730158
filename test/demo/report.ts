/** What every office says to every case. */
export const OFFICE_ANSWER = 'Đã cử tổ công tác đến hiện trường, việc đã xử lý xong.'

/** How a row of the table must end; what is not named here is not looked at. */
export interface Expected {
  /** Status of the answer to the form or to its provider's call, or the mail server's reply to the mail. */
  readonly reply: number
  readonly status: string | null
  readonly agency?: string
  /** Name of the report whose case took this one in. */
  readonly joins?: string
  readonly waitingFor?: string
  readonly delivery?: string
  readonly answer?: string
  /** What the citizen hears on the channel that they used. */
  readonly notices: readonly string[]
  /** How often everybody may read under their comment that they were answered. */
  readonly publicly?: number
  /** What stands in their view, where it is more than reaches them. */
  readonly inView?: readonly string[]
  /** Photos in the document that the exchange got. */
  readonly photos?: number
  /** Fields that the citizen is asked to mend. */
  readonly wrongFields?: readonly string[]
  /** The list on which a mail stands that is no report. */
  readonly aside?: 'quarantined' | 'set-aside'
}

interface OfAny {
  /** In the table; unique. */
  readonly name: string
  /** Sent once the others have their agency. */
  readonly repeat?: boolean
  readonly expected: Expected
}

export interface PortalReport extends OfAny {
  readonly channel: 'portal'
  readonly form: Readonly<Record<string, string | number | boolean>>
  /** With this many photos, as a multipart form; else as JSON. */
  readonly photos?: number
  /** How often it is sent at the same moment under one Idempotency-Key. */
  readonly times?: number
  /** What they answer by text message, where we ask them for something. */
  readonly whenAsked?: string
}

export interface Person {
  readonly name: string
  readonly address: string
  readonly phone: string
}

export type Mail =
  | { readonly kind: 'letter'; readonly subject: string; readonly text: string; readonly photoAt?: Point }
  /** An answer to our first letter about the report of that name. */
  | { readonly kind: 'reply'; readonly to: string; readonly text: string }
  | { readonly kind: 'auto-reply' | 'nested' }

interface Point {
  readonly lat: number
  readonly lng: number
}

export interface MailReport extends OfAny {
  readonly channel: 'mail'
  readonly from: Person
  readonly mail: Mail
}

interface OnFacebook extends OfAny {
  /** The name is shown beside a comment; Messenger tells the id alone. */
  readonly from: { readonly id: string; readonly name: string }
  readonly text: string
}

export interface MessengerReport extends OnFacebook {
  readonly channel: 'messenger'
  readonly photoAt?: Point
}

export interface CommentReport extends OnFacebook {
  readonly channel: 'comment'
  /** The post of the page that it stands under. */
  readonly under: string
}

export interface SmsReport extends OfAny {
  readonly channel: 'sms'
  readonly phone: string
  readonly parts: readonly string[]
}

export interface CallReport extends OfAny {
  readonly channel: 'hotline'
  readonly from: Pick<Person, 'name' | 'phone'>
  readonly turns: readonly { readonly speaker: string; readonly text: string }[]
}

export type DemoReport = PortalReport | MailReport | MessengerReport | CommentReport | SmsReport | CallReport

/** What is the same of every report that goes its whole way. */
export const ANSWERED = {
  status: 'answered',
  delivery: 'taken',
  answer: OFFICE_ANSWER,
  notices: ['received', 'forwarded', 'answer'],
} as const

/** What who repeats a matter hears before an office has it: that it is one with another, too. */
export const REPEATED = ['received', 'repeated', 'forwarded', 'answer'] as const

/** What no office may learn of a sender: the province keeps every reporter secret. */
export function personalOf(report: DemoReport): readonly string[] {
  const values = Object.values(senderOf(report))
  return values.filter((value): value is string => typeof value === 'string')
}

function senderOf(report: DemoReport): object {
  switch (report.channel) {
    case 'portal': {
      const { name, phone, email } = report.form
      return { name, phone, email }
    }
    case 'sms':
      return { phone: report.phone }
    default:
      return report.from
  }
}
