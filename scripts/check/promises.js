import ts from 'typescript'
import { programOf } from './program.js'
import { lineOf, walk } from './sources.js'
import { PROJECTS } from './types.js'

/** They can be awaited, but do their work without. */
const THENABLE_BY_THE_WAY = new Set(['FastifyReply', 'FastifyInstance'])

/**
 * Nothing that can be awaited is dropped: `tx.insert(…)` without `await` writes nothing at all. Biome's rule of the same
 * aim (2.5) does not see the types of libraries, so it lets drizzle, pg, ioredis and `node:fs/promises` pass.
 * @param {string} root
 * @returns {Promise<string[]>}
 */
export async function promises(root) {
  return PROJECTS.flatMap((project) => droppedIn(programOf(root, project)).map((at) => at.replace(`${root}/`, '')))
}

/**
 * @param {ts.Program} program
 * @returns {string[]} `file:line: text` of each statement that drops a promise
 */
export function droppedIn(program) {
  const checker = program.getTypeChecker()
  /** @type {string[]} */
  const found = []
  for (const source of program.getSourceFiles()) {
    if (source.isDeclarationFile || source.fileName.includes('/node_modules/')) continue
    walk(source, (node) => {
      if (!ts.isExpressionStatement(node) || !isDropped(node.expression, checker)) return
      found.push(`${source.fileName}:${lineOf(source, node)}: not awaited: ${node.getText(source).split('\n')[0]}`)
    })
  }
  return found
}

/**
 * @param {ts.Expression} expression of a statement, whose value nobody takes
 * @param {ts.TypeChecker} checker
 * @returns {boolean}
 */
function isDropped(expression, checker) {
  if (ts.isBinaryExpression(expression)) {
    // `ready && start()` drops what `start()` gives; an assignment keeps it.
    const { kind } = expression.operatorToken
    const passes = kind === ts.SyntaxKind.AmpersandAmpersandToken || kind === ts.SyntaxKind.BarBarToken
    return (passes || kind === ts.SyntaxKind.QuestionQuestionToken) && isDropped(expression.right, checker)
  }
  if (ts.isConditionalExpression(expression)) {
    return isDropped(expression.whenTrue, checker) || isDropped(expression.whenFalse, checker)
  }
  if (ts.isParenthesizedExpression(expression)) return isDropped(expression.expression, checker)
  if (ts.isAwaitExpression(expression) || ts.isVoidExpression(expression) || isRejectionHandled(expression))
    return false
  const type = checker.getTypeAtLocation(expression)
  return (type.isUnion() ? type.types : [type]).some((part) => isThenable(part, checker))
}

/**
 * @param {ts.Type} type
 * @param {ts.TypeChecker} checker
 */
function isThenable(type, checker) {
  if (THENABLE_BY_THE_WAY.has(type.symbol?.name)) return false
  const then = type.getProperty('then')
  return then !== undefined && checker.getTypeOfSymbol(then).getCallSignatures().length > 0
}

/**
 * `.catch(…)` or a second argument of `.then(…)`: somebody hears of the failure.
 * @param {ts.Expression} expression
 * @returns {boolean}
 */
function isRejectionHandled(expression) {
  if (!ts.isCallExpression(expression) || !ts.isPropertyAccessExpression(expression.expression)) return false
  const { name, expression: before } = expression.expression
  if (name.text === 'catch') return expression.arguments.length > 0
  if (name.text === 'then') return expression.arguments.length > 1
  return name.text === 'finally' && isRejectionHandled(before)
}
