import type { NoticeEvent } from '../words.ts'
import type { NoticeForm } from './citizen.ts'

/** What every notice may be filled with. */
const ALWAYS = ['code', 'title', 'province', 'link'] as const
/** What an event adds. */
const OWN: Readonly<Record<NoticeEvent, readonly string[]>> = {
  received: ['received'],
  verify: ['digits'],
  repeated: [],
  forwarded: ['agency', 'due'],
  asked: ['question'],
  refused: ['reason', 'guidance'],
  'in-progress': ['received'],
  interim: ['state', 'committed'],
  consent: ['agency', 'purpose'],
  answer: ['agency', 'answer'],
  reopened: [],
}

export function placeholdersOf(event: NoticeEvent): readonly string[] {
  return [...ALWAYS, ...OWN[event]]
}

/** The form of an event on a kind of channel: its own, or that of the channel of origin. */
export function noticeForm(notices: readonly NoticeForm[], event: NoticeEvent, kind: string): NoticeForm | undefined {
  const forms = notices.filter((form) => form.event === event)
  return forms.find(({ by }) => by.includes(kind)) ?? forms.find(({ by }) => by.includes('origin'))
}
