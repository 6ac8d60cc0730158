import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { lines, run } from './run.js'
import { filesIn, textOf } from './sources.js'

const CONFIG = 'drizzle.config.ts'

/**
 * The migrations say what the tables say: `drizzle-kit generate`, run on a copy, has nothing to add.
 * @param {string} root
 * @returns {Promise<string[]>}
 */
export async function migrations(root) {
  if (!existsSync(join(root, CONFIG))) return [`${CONFIG} is missing`]
  const copy = mkdtempSync(join(tmpdir(), 'paht-migrations-'))
  try {
    for (const name of ['src', 'node_modules', 'package.json', 'tsconfig.json', CONFIG]) {
      symlinkSync(join(root, name), join(copy, name))
    }
    if (existsSync(join(root, 'drizzle'))) cpSync(join(root, 'drizzle'), join(copy, 'drizzle'), { recursive: true })
    const before = filesIn(copy, ['drizzle'], /\.sql$/)
    const { code, out, err } = await run('drizzle-kit/bin.cjs', ['generate', '--name=missing'], copy)
    if (code === 0 && out.includes('No schema changes')) return []
    const added = filesIn(copy, ['drizzle'], /\.sql$/).filter((file) => !before.includes(file))
    if (added.length > 0) {
      const statements = added.flatMap((file) => lines(textOf(copy, file)))
      return ['the tables are ahead of drizzle/: `npm run db:generate` would write', ...statements]
    }
    if (`${out}${err}`.includes('Interactive prompts')) {
      return ['the tables are ahead of drizzle/: something was renamed or replaced, `npm run db:generate` asks which']
    }
    return ['drizzle-kit failed', ...lines(out + err)]
  } finally {
    rmSync(copy, { recursive: true })
  }
}
