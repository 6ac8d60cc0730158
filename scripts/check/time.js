import ts from 'typescript'
import { filesIn, lineOf, parse, textOf, walk, wordsOf } from './sources.js'

const CLOCK = 'src/platform/clock/'
/** A lease is the one thing that runs by the database's own clock. */
const LEASES = ['src/platform/tasks/', 'src/core/intake/lease.ts']

/** SQL that reads a clock: https://www.postgresql.org/docs/15/functions-datetime.html#FUNCTIONS-DATETIME-CURRENT */
const SQL_CLOCK =
  /\b(?:(?:now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday)\s*\(\s*\)|current_(?:timestamp|date|time)\b|local(?:timestamp|time)\b)/i

/**
 * Time comes in as a parameter or from the clock port, so that a test can say what time it is.
 * @param {string} root
 * @returns {Promise<string[]>}
 */
export async function time(root) {
  return filesIn(root, ['src'], /\.ts$/).flatMap((file) => clocksReadIn(file, textOf(root, file)))
}

/**
 * @param {string} file
 * @param {string} text
 * @returns {string[]} one line a place
 */
export function clocksReadIn(file, text) {
  if (file.startsWith(CLOCK)) return []
  const source = parse(file, text)
  /** @type {string[]} */
  const found = []
  walk(source, (node) => {
    const clock =
      clockOfMachine(node) ?? (LEASES.some((place) => file.startsWith(place)) ? undefined : clockOfDatabase(node))
    if (clock) found.push(`${file}:${lineOf(source, node)}: ${clock} outside ${CLOCK}`)
  })
  return found
}

/**
 * `performance.now()` measures how long something took and may stay: it cannot be mistaken for a date.
 * @param {ts.Node} node
 */
function clockOfMachine(node) {
  if (ts.isNewExpression(node) && isDate(node.expression) && !node.arguments?.length) return 'new Date()'
  if (ts.isCallExpression(node) && isDate(node.expression)) return 'Date()'
  if (ts.isPropertyAccessExpression(node) && isDate(node.expression) && node.name.text === 'now') return 'Date.now'
  return undefined
}

/**
 * @param {ts.Node} node
 */
function clockOfDatabase(node) {
  if (ts.isPropertyAccessExpression(node) && node.name.text === 'defaultNow') return 'defaultNow()'
  const call = wordsOf(node)?.match(SQL_CLOCK)?.[0]
  return call && `SQL ${call}`
}

/**
 * @param {ts.Expression} node
 * @returns {boolean} `Date` or `globalThis.Date`
 */
function isDate(node) {
  return ts.isPropertyAccessExpression(node) ? node.name.text === 'Date' : ts.isIdentifier(node) && node.text === 'Date'
}
