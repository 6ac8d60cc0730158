import type { Demands } from '../../channels/channel.ts'
import type { ProfileVersion } from './profile.ts'

/** What a form asks of the citizen, by a version of the profile. Where its categories say which of the fifteen fields belong to them, a portal may send those. */
export function demandsOf({ report, categories, urgent }: ProfileVersion): Demands {
  return {
    required: report.required.filter((field) => typeof field === 'string'),
    oneOf: report.required.flatMap((field) => (typeof field === 'string' ? [] : [field.anyOf])),
    urgent: urgent.kinds.map(({ id }) => id),
    ...(categories.length > 0 && {
      categories: new Map([
        ...categories.flatMap(({ matters }) => matters.map((matter): [string, string[]] => [matter, []])),
        ...categories.map(({ id, fields }): [string, string[]] => [id, fields.map((field) => field.id)]),
      ]),
    }),
  }
}
