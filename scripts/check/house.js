import { filesIn, lineOf, parse, textOf, walk, wordsOf } from './sources.js'

/** A file that no longer fits on a few screens is two files. */
const MOST_LINES = 350
/** Tables of cases are read by row. */
const MOST_LINES_OF_A_TEST = 450

/** Letters that Vietnamese has and English has not, composed (NFC). */
const VIETNAMESE_LETTER = /[ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]/iu
const TWO_WORDS = /\p{L}+\s+\p{L}+/u
const UNFINISHED = /\b(?:TODO|FIXME)\b/

const TEST = /\.test\.[jt]s$/
/** Where Vietnamese is data: what is recognised in a citizen's text, and what the screen says. */
const SPEAKS_VIETNAMESE = /^src\/normalize\/|\/locales\//

/**
 * Sentences live in locales, files stay short, nothing is left for later.
 * @param {string} root
 * @returns {Promise<string[]>}
 */
export async function house(root) {
  const ours = filesIn(root, ['src', 'test', 'bench', 'scripts', 'bin'], /\.(?:[cm]?[jt]sx?|sql|sh)$/)
  return ours
    .filter((file) => !file.startsWith('scripts/check/house.'))
    .flatMap((file) => faultsOf(file, textOf(root, file)))
}

/**
 * @param {string} file
 * @param {string} text
 * @returns {string[]}
 */
export function faultsOf(file, text) {
  const lines = text.trimEnd().split('\n')
  const faults = lines.flatMap((line, at) => (UNFINISHED.test(line) ? [`${file}:${at + 1}: ${line.trim()}`] : []))
  if (!file.startsWith('src/')) return faults
  const most = TEST.test(file) ? MOST_LINES_OF_A_TEST : MOST_LINES
  if (lines.length > most) faults.push(`${file}: ${lines.length} lines, ${most} at most`)
  if (file.endsWith('.ts') && !TEST.test(file) && !SPEAKS_VIETNAMESE.test(file)) faults.push(...sentencesIn(file, text))
  return faults
}

/**
 * Vietnamese of two words or more in a string, a template, a pattern or an element. Comments may name the word of the trade.
 * @param {string} file
 * @param {string} text
 */
function sentencesIn(file, text) {
  const source = parse(file, text)
  /** @type {string[]} */
  const found = []
  walk(source, (node) => {
    const words = wordsOf(node)?.normalize('NFC')
    if (words === undefined || !VIETNAMESE_LETTER.test(words) || !TWO_WORDS.test(words)) return
    found.push(`${file}:${lineOf(source, node)}: a sentence outside locales/: ${words.trim().slice(0, 60)}`)
  })
  return found
}
