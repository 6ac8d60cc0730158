import ts from 'typescript'
import { programOf } from './program.js'

/** The scripts are JavaScript with JSDoc types, checked as strictly. */
export const PROJECTS = ['tsconfig.json', 'scripts/tsconfig.json']

/**
 * What `tsc -p .` and `tsc -p scripts` say.
 * @param {string} root
 * @returns {Promise<string[]>} one problem an entry, with its lines
 */
export async function types(root) {
  return PROJECTS.flatMap((project) =>
    ts.getPreEmitDiagnostics(programOf(root, project)).map((problem) =>
      ts
        .formatDiagnostic(problem, {
          getCurrentDirectory: () => root,
          getCanonicalFileName: (name) => name,
          getNewLine: () => '\n',
        })
        .trimEnd(),
    ),
  )
}
