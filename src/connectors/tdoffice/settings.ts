import { z } from 'zod'

/** QCVN 102:2016/BTTTT as amended by Thông tư 01/2022: 35 letters, `H18.99.01`; before, 13 and the other way round, `000.01.99.H18`. */
const OrganId = z
  .string()
  .max(35)
  .regex(/^[A-Z0-9]+(\.[A-Z0-9]+)*$/)

/** What fits into a header as it is. */
const HeaderValue = z
  .string()
  .max(200)
  .regex(/^[\x21-\x7e]+$/)

const Path = z.string().regex(/^\/[\w./-]+$/)

const Line = z.string().trim().min(1).max(300)

const Signer = z.strictObject({
  competence: z.string().max(300).default('').meta({ title: 'On whose behalf the signer signs' }),
  position: z.string().max(300).default('').meta({ title: 'Position of the signer' }),
  fullName: Line.meta({ title: 'Name of the signer' }),
})

/** The sender of every document: the body that runs the hub, as the exchange knows it. */
const Organ = z.strictObject({
  organId: OrganId.meta({ title: 'Our identifier code (OrganId)' }),
  organizationInCharge: Line.meta({ title: 'The body above us, also named for the receiver' }),
  organName: Line.meta({ title: 'Our name' }),
  organAdd: Line.meta({ title: 'Our postal address' }),
  email: Line.meta({ title: 'Our e-mail address' }),
  telephone: Line.meta({ title: 'Our telephone number' }),
  website: Line.meta({ title: 'Our website' }),
  place: Line.meta({ title: 'Place of issue' }),
  // Between commas and behind a slash in the DocumentId.
  notation: z
    .string()
    .max(50)
    .regex(/^[\p{L}\p{N}][\p{L}\p{N}.&/-]*$/u)
    .meta({ title: 'Notation of our documents, behind the number' }),
  signer: Signer.meta({ title: 'Who signs' }),
})

export const TdofficeSettings = z
  .strictObject({
    transport: z.enum(['lgsp-rest']).meta({ title: 'Transport: the REST interface of the province’s exchange' }),
    baseUrl: z.url({ protocol: /^https?$/ }).meta({ title: 'Address of the exchange' }),
    systemId: HeaderValue.meta({ title: 'X-SystemId, as the exchange gave it' }),
    secretKey: HeaderValue.meta({ title: 'X-SecretKey, as the exchange gave it', secret: true }),
    organ: Organ.meta({ title: 'Our organ' }),
    sendPath: Path.default('/v1/sendEdoc').meta({ title: 'Path: send' }),
    receivedListPath: Path.default('/v1/syncReceivedEdocList').meta({ title: 'Path: list of what was received' }),
    sentListPath: Path.default('/v1/getSentEdocList').meta({
      title: 'Path: list of what was sent (unverified: ask the exchange)',
    }),
    getPath: Path.default('/v1/getEdoc').meta({ title: 'Path: one document' }),
    statusPath: Path.default('/v1/updateStatus').meta({ title: 'Path: status in the exchange' }),
    attachments: z
      .enum(['plain', 'zip'])
      .default('plain')
      .meta({ title: 'Quirk: attachments as they are, or each in a zip of its own' }),
    statusElement: z
      .enum(['Status', 'MessageStatus'])
      .default('Status')
      .meta({ title: 'Quirk: name of the element that holds a status' }),
    pollSeconds: z
      .int()
      .min(1)
      .max(300)
      .default(60)
      .meta({ title: 'Seconds between two looks for updates, 60 to 300' }),
    allow: z
      .array(z.union([z.cidrv4(), z.cidrv6()]))
      .meta({ title: 'Private networks that this link may reach' })
      .optional(),
  })
  .refine(({ baseUrl, allow }) => baseUrl.toLowerCase().startsWith('https:') || Boolean(allow?.length), {
    path: ['baseUrl'],
    error: 'http sends reports in clear text: only into a private network that the link names',
  })
export type TdofficeSettings = z.output<typeof TdofficeSettings>
