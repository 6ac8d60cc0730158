import swagger, { type FastifyDynamicSwaggerOptions } from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Form } from '../channels/channel.ts'
import type { Ports } from '../core/act.ts'
import { giveToken } from './contract/apps.ts'
import { CallLogged, logCall } from './contract/calls.ts'
import { createReport } from './contract/reports.ts'

type Transform = NonNullable<FastifyDynamicSwaggerOptions['transform']>

/** The API as OpenAPI 3.1, for people at `/docs`, for programs in `openapi.json` (a test holds the file to it). */
export async function documentApi(app: FastifyInstance, { channels }: Pick<Ports, 'channels'>): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'PAHT Hub',
        version: '0.1.0',
        description: 'Citizens’ field reports: send one, follow it; staff: cases, deliveries, settings.',
      },
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer' },
          cookie: { type: 'apiKey', in: 'cookie', name: 'paht' },
          app: { type: 'oauth2', flows: { clientCredentials: { tokenUrl: giveToken.url, scopes: {} } } },
        },
      },
    },
    transform: (given) => withForm(jsonSchemaTransform(given as Parameters<typeof jsonSchemaTransform>[0]), channels),
    transformObject: jsonSchemaTransformObject,
  })
  await app.register(swaggerUi, { routePrefix: '/docs' })
}

const FORMS: Readonly<
  Record<string, { readonly channel: string; readonly files: boolean; readonly beside: z.ZodType }>
> = {
  [createReport.url]: { channel: 'portal', files: true, beside: z.object({}) },
  [logCall.url]: { channel: 'hotline', files: false, beside: CallLogged },
}

/** A form is checked on its raw bytes, field by field, so its schema is given to the document alone. */
function withForm(route: ReturnType<Transform>, channels: Ports['channels']): ReturnType<Transform> {
  const known = FORMS[route.url]
  const form = known && channels.get(known.channel)!.intakes.find((one): one is Form => one.intake === 'form')
  if (known === undefined || form === undefined) return route
  const fields = inputOf(form.fields)
  const beside = inputOf(known.beside)
  const json = {
    ...fields,
    properties: { ...beside.properties, ...fields.properties },
    required: [...(beside.required ?? []), ...(fields.required ?? [])],
  }
  const files = {
    type: 'array',
    items: { type: 'string', format: 'binary' },
    description: 'Photos and videos',
  }
  const key = {
    type: 'string',
    description: 'Of your own making: the same key and content give the same answer, for ever',
  }
  const multipart = { 'multipart/form-data': { schema: { ...fields, properties: { ...fields.properties, files } } } }
  return {
    ...route,
    schema: {
      ...route.schema,
      headers: { type: 'object', properties: { 'idempotency-key': key } },
      body: { content: { 'application/json': { schema: json }, ...(known.files && multipart) } },
    },
  }
}

const inputOf = (fields: z.ZodType) => z.toJSONSchema(fields, { io: 'input', unrepresentable: 'any' })
