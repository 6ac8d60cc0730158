import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

/**
 * @param {string} root
 * @param {string[]} folders below the root; one that does not exist has no files
 * @param {RegExp} wanted tested against the path
 * @returns {string[]} paths relative to the root, with `/`, sorted
 */
export function filesIn(root, folders, wanted) {
  return folders
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`),
    )
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => wanted.test(file))
    .sort()
}

/**
 * @param {string} root
 * @param {string} file
 * @returns {string}
 */
export function textOf(root, file) {
  return readFileSync(join(root, file), 'utf8')
}

/**
 * @param {string} file only names the result
 * @param {string} text
 */
export function parse(file, text) {
  return ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)
}

/**
 * @param {ts.Node} node
 * @param {(node: ts.Node) => void} visit called for the node and for everything in it
 */
export function walk(node, visit) {
  visit(node)
  ts.forEachChild(node, (child) => walk(child, visit))
}

/**
 * @param {ts.SourceFile} source
 * @param {ts.Node} node
 * @returns {number} counted from 1
 */
export function lineOf(source, node) {
  return source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1
}

/**
 * What a person or a database would read: the text of a string, a part of a template, a pattern or an element.
 * @param {ts.Node} node
 * @returns {string | undefined} undefined for every other node
 */
export function wordsOf(node) {
  if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node))
    return node.text
  return ts.isRegularExpressionLiteral(node) || ts.isJsxText(node) ? node.text : undefined
}
