import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { ROLES } from '../../../src/core/words.ts'
import { SAID } from '../../regulations/support/province.ts'

/** A story is data: who does what when, by which article, and what must be seen of it then. */
const Name = z.string().regex(/^[a-z]+$/)

const Does = z.union([
  z.strictObject({ report: Name }),
  z.strictObject({ rate: Name, value: z.string(), why: z.string().optional() }),
  z.strictObject({ office: Name, says: z.enum(SAID), text: z.string().optional() }),
  z.strictObject({
    officer: z.enum(ROLES),
    of: Name.optional(),
    /** Of the case, or of their agency's share where they are of one. */
    operation: z.string(),
    body: z.record(z.string(), z.unknown()).default({}),
    photo: z.literal(true).optional(),
  }),
])
export type Does = z.output<typeof Does>

const Sees = z.union([
  z.strictObject({ told: Name, event: z.string(), holds: z.string().optional(), photo: z.literal(true).optional() }),
  z.strictObject({ queued: Name, event: z.string(), channel: z.string() }),
  z.strictObject({ clock: z.string(), of: Name.optional(), due: z.string() }),
  z.strictObject({ got: Name, kind: z.string() }),
  z.strictObject({ noticed: z.enum(ROLES), of: Name.optional(), event: z.string(), step: z.string() }),
  z.strictObject({ status: z.string() }),
  z.strictObject({ joined: Name, into: Name }),
  z.strictObject({ published: z.boolean() }),
])
export type Sees = z.output<typeof Sees>

const Line = z.strictObject({
  /** The hour in Vietnam, where time has gone on. */
  at: z.string().optional(),
  who: z.string(),
  text: z.string(),
  article: z.string(),
  does: Does.optional(),
  sees: z.array(Sees).default([]),
})
export type Line = z.output<typeof Line>

const Script = z.strictObject({
  profile: z.string(),
  title: z.string(),
  decision: z.string(),
  office: z.enum(['exchange', 'webhook']),
  start: z.string(),
  agencies: z.record(Name, z.string()),
  citizens: z.record(Name, z.record(z.string(), z.union([z.string(), z.number()]))),
  lines: z.array(Line),
  end: z.string(),
})
export type Script = z.output<typeof Script>

/** Sentences that every story uses. */
const Words = z.strictObject({
  told: z.string(),
  photo: z.string(),
  queued: z.string(),
  clock: z.string(),
  got: z.string(),
  noticed: z.string(),
  status: z.string(),
  joined: z.string(),
  published: z.strictObject({ true: z.string(), false: z.string() }),
  event: z.record(z.string(), z.string()),
  role: z.record(z.string(), z.string()),
  starting: z.string(),
  missing: z.string(),
  nobody: z.string(),
})
export type Words = z.output<typeof Words>

const read = async (name: string): Promise<unknown> =>
  parse(await readFile(join(import.meta.dirname, `${name}.yaml`), 'utf8'))

export const STORIES = ['dien-bien', 'hcmc'] as const
export const readScript = async (name: (typeof STORIES)[number]): Promise<Script> => Script.parse(await read(name))
export const readWords = async (): Promise<Words> => Words.parse(await read('words'))
