import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { migrations } from './migrations.js'
import { run } from './run.js'

const REPOSITORY = join(import.meta.dirname, '../..')

/** @type {string} */
let root

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'paht-tables-'))
  for (const name of ['package.json', 'tsconfig.json']) copyFileSync(join(REPOSITORY, name), join(root, name))
  symlinkSync(join(REPOSITORY, 'node_modules'), join(root, 'node_modules'))
  mkdirSync(join(root, 'src/core/tables'), { recursive: true })
  columns('name: text()')
  const config = "{ dialect: 'postgresql', schema: './src/core/tables/*.ts', out: './drizzle' }"
  writeFileSync(join(root, 'drizzle.config.ts'), `export default ${config}\n`)
  await run('drizzle-kit/bin.cjs', ['generate', '--name=first'], root)
})
afterAll(() => rmSync(root, { recursive: true }))

const AHEAD = 'the tables are ahead of drizzle/:'

it.each([
  ['nothing changed', 'name: text()', []],
  [
    'a column came',
    'name: text(), age: integer()',
    [`${AHEAD} \`npm run db:generate\` would write`, 'ALTER TABLE "person" ADD COLUMN "age" integer;'],
  ],
  [
    'a column has another name',
    'title: text()',
    [`${AHEAD} something was renamed or replaced, \`npm run db:generate\` asks which`],
  ],
])('%s', async (_, list, problems) => {
  columns(list)
  expect(await migrations(root)).toEqual(problems)
  expect(readdirSync(join(root, 'drizzle')).filter((file) => file.endsWith('.sql'))).toEqual(['0000_first.sql'])
})

it('a checkout without drizzle.config.ts fails', async () => {
  expect(await migrations(join(root, 'src'))).toEqual(['drizzle.config.ts is missing'])
})

/**
 * @param {string} list of the columns beside the key
 */
function columns(list) {
  writeFileSync(
    join(root, 'src/core/tables/person.ts'),
    `import { integer, pgTable, text } from 'drizzle-orm/pg-core'
export const person = pgTable('person', { id: integer().primaryKey(), ${list} })
`,
  )
}
