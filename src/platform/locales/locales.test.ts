import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { LANGUAGES, languageOf, loadLocales } from './locales.ts'

const FOLDER = join(import.meta.dirname, '../../../locales')

function keysOf(value: object, prefix = ''): string[] {
  return Object.entries(value).flatMap(([key, inner]) =>
    typeof inner === 'object' ? keysOf(inner as object, `${prefix}${key}.`) : [`${prefix}${key}: ${blanks(inner)}`],
  )
}

/** What a sentence is filled with: both languages must use the same. */
const blanks = (sentence: unknown): string =>
  [...String(sentence).matchAll(/\{\{(\w+)\}\}/g)]
    .map((m) => m[1])
    .sort()
    .join()
const read = (language: string, file: string) =>
  JSON.parse(readFileSync(join(FOLDER, language, file), 'utf8')) as object

describe('locales', () => {
  it.each(readdirSync(join(FOLDER, 'vi')))('%s says the same in every language, filled with the same', (file) => {
    const [first, ...others] = LANGUAGES.map((language) => keysOf(read(language, file)).sort())
    for (const other of others) expect(other).toEqual(first)
  })

  it('has the same files in every language', () => {
    const [first, ...others] = LANGUAGES.map((language) => readdirSync(join(FOLDER, language)).sort())
    for (const other of others) expect(other).toEqual(first)
  })

  it('fills in what it is given as it is, markup and all', async () => {
    const translate = await loadLocales(FOLDER)
    expect(translate('en', 'notice:answer', { agency: 'A & B', answer: '<b>x</b>' })).toBe('A & B answers: <b>x</b>')
    expect(translate('vi', 'notice:received', { received: '22/11/2026' })).toContain('22/11/2026')
  })
})

it.each([
  [undefined, 'vi'],
  ['', 'vi'],
  ['vi-VN,vi;q=0.9,en;q=0.8', 'vi'],
  ['en-GB,en;q=0.9', 'en'],
  ['fr', 'vi'],
])('Accept-Language %j is answered in %s', (header, language) => {
  expect(languageOf(header)).toBe(language)
})
