import type { Envelope, Form, Submitted } from '../channel.ts'
import { checkReport, flag, optional, parseForm, ReportForm, submittedOf } from '../report-form.ts'
import { keyOf } from './items.ts'
import { say } from './texts.ts'
import { inWords, timeOf } from './time.ts'

/** What every envelope of the form is named with: of this channel's envelopes it alone was filled in by an officer. */
export const FORM = 'form:'

/** What an operator fills in while the caller speaks. */
const CallForm = ReportForm.safeExtend({
  withheld: flag.meta({ description: 'The caller’s number is not known: `phone` is left out' }),
  callId: optional(200).meta({ description: 'The call centre’s id: what it sends about this call joins this report' }),
  startedAt: optional(60)
    .refine((text) => text === undefined || timeOf(text) !== undefined, { params: { problem: 'not-a-time' } })
    .meta({ description: 'When it rang, `2026-11-29T10:15:00+07:00`' }),
})

/** A caller cannot be made to say who they are: of what the province demands, an officer must write down the matter alone. */
export const form: Form = {
  intake: 'form',
  fields: CallForm,
  check: (body, demands) => {
    const required = demands.required.filter((field) => field === 'content')
    const checked = checkReport(CallForm, body, { ...demands, required, oneOf: [] })
    return 'problems' in checked ? checked : { submitted: (envelope) => toSubmitted(checked.form, envelope) }
  },
}

export function readForm(envelope: Envelope): Submitted {
  return toSubmitted(CallForm.parse(parseForm(envelope)), envelope)
}

function toSubmitted(
  { withheld, callId, startedAt, phone, ...report }: ReturnType<(typeof CallForm)['parse']>,
  envelope: Pick<Envelope, 'event' | 'files'>,
): Submitted {
  const call = callId === undefined ? undefined : keyOf({ id: callId })
  const time = timeOf(startedAt)
  const said = submittedOf({ ...report, phone: withheld ? undefined : phone }, envelope)
  return {
    ...said,
    ...(call !== undefined && { keys: [...said.keys, call] }),
    ...(time !== undefined && { context: say('call.at', inWords(time)) }),
  }
}
