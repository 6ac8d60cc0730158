import { z } from 'zod'
import type { Channel, Envelope, Submitted } from '../channel.ts'
import { checkReport, parseForm, ReportForm, submittedOf } from '../report-form.ts'

const MAX_UPLOADS = 5

/** In small letters: an id is a key of the report, however it is written. */
const Ids = z.array(z.uuid().toLowerCase()).max(MAX_UPLOADS)

/** What a citizen fills in. A multipart form names uploads in one field, with commas. */
const PortalForm = ReportForm.safeExtend({
  uploads: z
    .union([
      Ids,
      z
        .string()
        .transform((text) => text.split(',').flatMap((id) => id.trim() || []))
        .pipe(Ids),
    ])
    .default([])
    .meta({ description: 'Ids of large videos that were sent before by tus to `/api/v1/reports/large-files`' }),
})
type PortalForm = z.output<typeof PortalForm>

const Settings = z.strictObject({
  /** What the profile demands at the least, a source may demand more of. */
  alsoRequired: z.array(z.enum(['email', 'address'])).default([]),
  /** What comes above this from one telephone number in any hour is held for a glance. */
  phoneHourly: z.int().min(1).max(1000).default(5),
  /** The same from one network address in any minute, of those who give no number. */
  addressMinutely: z.int().min(1).max(1000).default(60),
})
export type PortalSettings = z.output<typeof Settings>

/** The province's own web form. The way back is the reporter's view, so there is no `send`. */
export const portal: Channel<PortalSettings> = {
  kind: 'portal',
  settings: Settings,
  secrets: [],
  limits: ({ phoneHourly, addressMinutely }) => ({ phoneHourly, addressMinutely }),
  intakes: [
    {
      intake: 'form',
      fields: PortalForm,
      check: (body, demands) => {
        const checked = checkReport(PortalForm, body, demands)
        if ('problems' in checked) return checked
        const { form } = checked
        const [event] = form.uploads.map(keyOfUpload)
        return { submitted: (envelope) => toSubmitted(form, envelope), uploads: form.uploads, event }
      },
    },
  ],
  read: async (envelope) => [toSubmitted(PortalForm.parse(parseForm(envelope)), envelope)],
}

const keyOfUpload = (id: string): string => `upload:${id}`

/** A large file is of one report: its id is a key, under which a second report is none. */
function toSubmitted({ uploads, ...form }: PortalForm, envelope: Pick<Envelope, 'event' | 'files'>): Submitted {
  const said = submittedOf(form, envelope)
  return { ...said, keys: [...new Set([...said.keys, ...uploads.map(keyOfUpload)])] }
}
