import { z } from 'zod'
import type { Envelope, Form, Submitted } from '../channel.ts'
import { checkReport, optional, parseForm, ReportForm, submittedOf } from '../report-form.ts'

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
  userId: optional(200).meta({
    description: 'An app’s own id of its user, which it must give with a report; from others it is not taken',
  }),
})
type PortalForm = z.output<typeof PortalForm>

export const form: Form = {
  intake: 'form',
  fields: PortalForm,
  check: (body, demands) => {
    const checked = checkReport(PortalForm, body, demands)
    if ('problems' in checked) return checked
    const { form: given } = checked
    const [event] = given.uploads.map(keyOfUpload)
    return { submitted: (envelope) => toSubmitted(given, envelope), uploads: given.uploads, event }
  },
}

export async function readPortal(envelope: Envelope): Promise<readonly Submitted[]> {
  return [toSubmitted(PortalForm.parse(parseForm(envelope)), envelope)]
}

const keyOfUpload = (id: string): string => `upload:${id}`

/** A large file is of one report: its id is a key, under which a second report is none. */
function toSubmitted(
  { uploads, userId, ...filled }: PortalForm,
  envelope: Pick<Envelope, 'event' | 'files'>,
): Submitted {
  const said = submittedOf(filled, envelope)
  return {
    ...said,
    keys: [...new Set([...said.keys, ...uploads.map(keyOfUpload)])],
    ...(userId !== undefined && { sender: { ...said.sender, provider: userId } }),
  }
}
