import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { XMLParser } from 'fast-xml-parser'
import { expect } from 'vitest'
import { validateXML } from 'xmllint-wasm'
import { isFault } from '../../../src/core/fault.ts'
import { applyConfig } from '../../../src/core/settings/apply.ts'
import { ConfigFile } from '../../../src/core/settings/config-file.ts'
import { readProfile } from '../../../src/core/settings/read-profile.ts'
import type { TestServer } from '../server.ts'

const SCHEMA = { fileName: 'georeport.xsd', contents: readFileSync(join(import.meta.dirname, 'georeport.xsd'), 'utf8') }

/** As FixMyStreet reads it (XML::Simple): these are lists however few are in them, everything else is text. */
const LISTS = ['service', 'attribute', 'value', 'request', 'request_update', 'error', 'endpoint', 'format']
const parser = new XMLParser({ parseTagValue: false, isArray: (name) => LISTS.includes(name) })

export type Sending = Readonly<Record<string, string | readonly string[]>>

export interface Answer {
  readonly status: number
  readonly type: string | null
  readonly retryAfter: string | null
  readonly text: string
  /** XML below its root, or JSON as it is. */
  // biome-ignore lint/suspicious/noExplicitAny: each test looks at what it asked for
  readonly body: any
}

/** A program that speaks GeoReport with the server: what it gets as XML is held to the schema. */
export function client(url: string, standing: Sending = {}) {
  const ask = async (path: string, init?: RequestInit): Promise<Answer> => {
    const answer = await fetch(`${url}/open311/v2/${path}`, init)
    const text = await answer.text()
    const type = answer.headers.get('content-type')
    const base = { status: answer.status, type, retryAfter: answer.headers.get('retry-after'), text }
    if (type?.startsWith('application/json')) return { ...base, body: JSON.parse(text) }
    await holdToSchema(text)
    const { '?xml': _prolog, ...document } = parser.parse(text)
    return { ...base, body: Object.values(document)[0] }
  }
  return {
    ask,
    get: (path: string, query: Sending = {}) => ask(`${path}?${paramsOf({ ...standing, ...query })}`),
    post: (path: string, form: Sending, headers: Readonly<Record<string, string>> = {}) =>
      ask(path, { method: 'POST', headers, body: paramsOf({ ...standing, ...form }) }),
    upload: (path: string, form: Sending, files: Readonly<Record<string, File>>) => {
      const body = new FormData()
      for (const [name, value] of paramsOf({ ...standing, ...form })) body.append(name, value)
      for (const [name, file] of Object.entries(files)) body.append(name, file)
      return ask(path, { method: 'POST', body })
    },
  }
}

const held = new Set<string>()

/** Each look takes a thread of its own, so of documents that differ in their words alone the first is looked at. */
async function holdToSchema(contents: string): Promise<void> {
  const shape = contents.replaceAll(/>[^<]+</g, '>…<')
  if (held.has(shape)) return
  const { valid, errors } = await validateXML({ xml: { fileName: 'a.xml', contents }, schema: SCHEMA })
  expect({ valid, errors: errors.map(({ message }) => message) }).toEqual({ valid: true, errors: [] })
  held.add(shape)
}

function paramsOf(form: Sending): URLSearchParams {
  const params = new URLSearchParams()
  for (const [name, values] of Object.entries(form)) for (const value of [values].flat()) params.append(name, value)
  return params
}

/** A client, as an administrator makes it, with its province where that is not the server's. */
export async function makeClient(t: TestServer, id: string, settings: object, province?: string): Promise<void> {
  const source = { id, kind: 'open311', profile: province ?? 'hcmc', name: id, settings }
  const profile = province === undefined ? undefined : await readProfile(readShipped, province)
  if (profile !== undefined && 'problems' in profile) throw new Error(profile.problems)
  const config = ConfigFile.parse({ sources: [source] })
  const applied = await applyConfig(t.ports, 'system', { config, ...(profile !== undefined && { profile }) })
  if (isFault(applied)) throw new Error(applied.message)
}

/** What a server has read of its sources it holds for five seconds, and longer where the news is late. */
export async function untilKnown({ clock }: Pick<TestServer, 'clock'>, known: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await known()); tries++) {
    expect(tries).toBeLessThan(20)
    clock.move(6000)
  }
}

const readShipped = (...path: readonly string[]) => readFile(join(import.meta.dirname, '../../..', ...path), 'utf8')
