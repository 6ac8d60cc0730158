import { z } from 'zod'
import type { FieldProblem } from '../channel.ts'

const said = (max: number) => z.string().trim().max(max)
/** Forms send `''` for what was left empty: the same as not sent. */
const optional = (max: number) =>
  said(max)
    .optional()
    .transform((v) => (v === '' ? undefined : v))
/** A multipart form knows text only. */
const flag = z
  .union([
    z.boolean(),
    z.enum(['true', 'false', '1', '0', 'on', '']).transform((v) => v === 'true' || v === '1' || v === 'on'),
  ])
  .default(false)
const degrees = (limit: number) =>
  z
    .union([
      z.number(),
      z
        .string()
        .trim()
        .regex(/^-?\d{1,3}([.,]\d{1,12})?$|^$/)
        .transform((v) => (v === '' ? undefined : Number(v.replace(',', '.')))),
    ])
    .optional()
    .pipe(z.number().min(-limit).max(limit).optional())

/** What a citizen fills in. Names are those of the public API. */
export const PortalForm = z
  .object({
    name: optional(200).meta({ description: 'Full name; kept secret where the province says so' }),
    phone: optional(40).meta({ description: 'A Vietnamese number, written in any usual way' }),
    email: optional(254),
    address: optional(500).meta({ description: 'Where the matter is, in words' }),
    lat: degrees(90).meta({ description: 'Pin on the map, WGS 84' }),
    lng: degrees(180),
    category: optional(60),
    title: optional(300),
    content: said(10_000).meta({ description: 'What is the matter' }),
    identitySecret: flag.meta({ description: 'Keep my name and number secret' }),
    contentSecret: flag.meta({ description: 'Keep the matter out of public view' }),
  })
  .refine((f) => (f.lat === undefined) === (f.lng === undefined), { path: ['lat'], params: { problem: 'half-pin' } })
export type PortalForm = z.output<typeof PortalForm>

/** Every problem with its field, as keys of `locales/*\/portal.json`. */
export function fieldProblems(error: z.ZodError): FieldProblem[] {
  return error.issues.map((issue) => {
    const field = issue.path.map(String).join('.')
    if (issue.code === 'too_big' && issue.origin === 'string')
      return { field, problem: 'too-long', values: { max: Number(issue.maximum) } }
    if (issue.code === 'custom') return { field, problem: String(issue.params?.['problem'] ?? 'wrong') }
    return {
      field,
      problem: field === 'lat' || field === 'lng' ? 'not-a-position' : issue.input === undefined ? 'missing' : 'wrong',
    }
  })
}
