import { join } from 'node:path'
import ts from 'typescript'

/** @type {Map<string, ts.Program>} */
const programs = new Map()

/**
 * The program that `tsc -p <project>` would check; made once, because reading it all takes longer than any rule.
 * @param {string} root
 * @param {string} project path of the `tsconfig.json`
 */
export function programOf(root, project) {
  const path = join(root, project)
  const known = programs.get(path)
  if (known) return known
  const config = ts.getParsedCommandLineOfConfigFile(path, undefined, {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: (problem) => {
      throw new Error(ts.flattenDiagnosticMessageText(problem.messageText, '\n'))
    },
  })
  if (!config) throw new Error(`${path} cannot be read`)
  const program = ts.createProgram({
    rootNames: config.fileNames,
    options: config.options,
    configFileParsingDiagnostics: config.errors,
  })
  programs.set(path, program)
  return program
}
