import { XMLBuilder } from 'fast-xml-parser'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** What is told: the name of the XML's root, and what it holds. */
export interface Document {
  readonly root: string
  readonly holds: Value
}

export type Value = string | number | boolean | null | readonly Value[] | { readonly [name: string]: Value }

export type Format = 'xml' | 'json'

/** What one thing is called in a list of that name; JSON has a plain array instead, however few are in it. */
const ONE_OF: Readonly<Record<string, string>> = {
  services: 'service',
  attributes: 'attribute',
  values: 'value',
  service_requests: 'request',
  service_request_updates: 'request_update',
  endpoints: 'endpoint',
  formats: 'format',
  errors: 'error',
}

const TYPES: Readonly<Record<Format, string>> = {
  xml: 'text/xml; charset=utf-8',
  json: 'application/json; charset=utf-8',
}

/** XML 1.0 §2.2: what a document may hold, even escaped. Halves of surrogate pairs are not in it. */
const ILLEGAL = /[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu

const builder = new XMLBuilder({ ignoreAttributes: false })

/** By the suffix of the address, which is how GeoReport has it; without one XML, which every client reads. */
const formatOf = ({ url }: Pick<FastifyRequest, 'url'>): Format => (/\.json(?:\?|$)/.test(url) ? 'json' : 'xml')

export function send(request: FastifyRequest, reply: FastifyReply, { root, holds }: Document): FastifyReply {
  const format = formatOf(request)
  return reply
    .type(TYPES[format])
    .header('cache-control', 'no-store')
    .send(format === 'json' ? JSON.stringify(holds) : toXml(root, holds))
}

function toXml(root: string, holds: Value): string {
  const prolog = { '?xml': { '@_version': '1.0', '@_encoding': 'utf-8' } }
  return builder.build({ ...prolog, [root]: within(root, holds) })
}

function within(name: string, value: Value): unknown {
  if (value === null) return ''
  if (typeof value === 'string') return value.replaceAll(ILLEGAL, '')
  if (typeof value !== 'object') return String(value)
  if (!isList(value)) return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, within(key, part)]))
  const one = ONE_OF[name]
  if (one === undefined) throw new Error(`no name for one of ${name}`)
  return value.length === 0 ? '' : { [one]: value.map((part) => within(one, part)) }
}

/** `Array.isArray` does not narrow a readonly one. */
function isList(value: readonly Value[] | { readonly [name: string]: Value }): value is readonly Value[] {
  return Array.isArray(value)
}
