import { join } from 'node:path'
import ts from 'typescript'
import { expect, it } from 'vitest'
import { droppedIn } from './promises.js'

const DROPPED = [
  'pool.query("select 1")',
  'db.insert(person).values({ id: 1 })',
  'db.transaction(async () => undefined)',
  'rm("/nowhere")',
  'act.record("case.forwarded")',
  'ready && act.record("case.forwarded")',
  'ready ? act.record("case.forwarded") : undefined',
  '(act.record("case.forwarded"))',
  'act.record("case.forwarded").then(() => undefined)',
  'act.record("case.forwarded").finally(() => undefined)',
]

const KEPT = [
  'await pool.query("select 1")',
  'await db.delete(person)',
  'void act.record("case.forwarded")',
  'const later = act.record("case.forwarded")',
  'kept = act.record("case.forwarded")',
  'act.record("case.forwarded").catch(() => undefined)',
  'act.record("case.forwarded").catch(() => undefined).finally(() => undefined)',
  'act.record("case.forwarded").then(() => undefined, () => undefined)',
  'reply.send({})',
  'db.select().from(person).toSQL()',
]

it('finds what is dropped, also of libraries, and nothing else', () => {
  const text = [
    'import { rm } from "node:fs/promises"',
    'import { drizzle } from "drizzle-orm/node-postgres"',
    'import { integer, pgTable } from "drizzle-orm/pg-core"',
    'import type { FastifyReply } from "fastify"',
    'import pg from "pg"',
    'const person = pgTable("person", { id: integer().primaryKey() })',
    'const pool = new pg.Pool()',
    'const db = drizzle(pool)',
    'declare const act: { record(what: string): Promise<void> }',
    'declare const reply: FastifyReply',
    'declare const ready: boolean',
    'let kept: Promise<void>',
    ...DROPPED,
    ...KEPT,
  ].join(';\n')
  expect(droppedIn(programWith(text)).map((at) => at.match(/not awaited: (.*);$/)?.[1])).toEqual(DROPPED)
})

/**
 * @param {string} text of one module of this repository, which stands on no disk
 */
function programWith(text) {
  const file = join(import.meta.dirname, 'planted.ts')
  const options = {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    types: ['node'],
    strict: true,
  }
  const host = ts.createCompilerHost(options)
  const read = host.getSourceFile.bind(host)
  host.getSourceFile = (name, version) =>
    name === file ? ts.createSourceFile(name, text, version, true) : read(name, version)
  return ts.createProgram({ rootNames: [file], options, host })
}
