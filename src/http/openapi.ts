import swagger, { type FastifyDynamicSwaggerOptions } from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Form } from '../channels/channel.ts'
import type { Ports } from '../core/act.ts'
import { createReport } from './contract/reports.ts'

type Transform = NonNullable<FastifyDynamicSwaggerOptions['transform']>

/** The API as OpenAPI 3.1, for people at `/docs`, for programs in `openapi.json` (a test holds the file to it). */
export async function documentApi(app: FastifyInstance, { channels }: Pick<Ports, 'channels'>): Promise<void> {
  const form = channels.get('portal')!.intakes.find((intake): intake is Form => intake.intake === 'form')!
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'PAHT Hub',
        version: '0.1.0',
        description: 'Citizens’ field reports: send one, follow it; staff: cases, deliveries, settings.',
      },
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    },
    transform: (given) => withForm(jsonSchemaTransform(given as Parameters<typeof jsonSchemaTransform>[0]), form),
    transformObject: jsonSchemaTransformObject,
  })
  await app.register(swaggerUi, { routePrefix: '/docs' })
}

/** The form is checked on its raw bytes, field by field, so its schema is given to the document alone. */
function withForm(route: ReturnType<Transform>, form: Form): ReturnType<Transform> {
  if (route.url !== createReport.url) return route
  const fields = z.toJSONSchema(form.fields, { io: 'input', unrepresentable: 'any' })
  const files = {
    type: 'array',
    items: { type: 'string', format: 'binary' },
    description: 'Photos and videos',
  }
  const key = {
    type: 'string',
    description: 'Of your own making: the same key and content give the same answer, for ever',
  }
  return {
    ...route,
    schema: {
      ...route.schema,
      headers: { type: 'object', properties: { 'idempotency-key': key } },
      body: {
        content: {
          'application/json': { schema: fields },
          'multipart/form-data': { schema: { ...fields, properties: { ...fields.properties, files } } },
        },
      },
    },
  }
}
