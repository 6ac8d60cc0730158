import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { ASKABLE, CASE_STATUSES, NOTICE_EVENTS } from '../../core/words.ts'
import { LANGUAGES } from './locales.ts'

const ROOT = join(import.meta.dirname, '../../..')
const HTTP = sourceOf('src/http')
const OPEN311 = sourceOf('src/http/open311')
const CORE = sourceOf('src/core')
const CHANNELS = sourceOf('src/channels')
const FORMS = `${CHANNELS}${readFileSync(join(ROOT, 'src/http/citizen/read-form.ts'), 'utf8')}`

/** All that a folder says, without its tests. */
function sourceOf(folder: string): string {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => readFileSync(join(ROOT, folder, file), 'utf8'))
    .join('\n')
}

function wordsIn(source: string, ...patterns: readonly RegExp[]): string[] {
  const found = patterns.flatMap((pattern) => [...source.matchAll(pattern)].map((match) => match[1]!))
  return [...new Set(found)].sort()
}

const STATUSES = /const STATUS = \{(.*?)\}/s.exec(HTTP)![1]!

/** Of an agency that has no time by which it must answer. */
const UNDATED = ['forwarded_undated']

/** What the code can ask for, in each file and group of `locales/`. */
const ASKED: Readonly<Record<string, readonly string[]>> = {
  asking: ['missing', 'unanswered'],
  'asking.missing': [...ASKABLE].sort(),
  aside: wordsIn(
    `${CHANNELS}${CORE}`,
    // On one line or on many.
    /(?<=type Aside =(?:\s*\|?\s*'[a-z-]+')*\s*\|?\s*)'([a-z-]+)'/g,
    /state: 'set-aside', reason: '([a-z-]+)'/g,
  ),
  case: ['status', 'waiting'],
  'case.status': [...CASE_STATUSES].sort(),
  'case.waiting': wordsIn(
    CORE,
    /waitingFor: '([a-z-]+)'/g,
    /waitFor\(a, [^']*'([a-z-]+)'\)/g,
    /(?:type No(?:Unit|Line) =|(?<=type No(?:Unit|Line) = [^\n]*)\|) '([a-z-]+)'/g,
  ),
  letter: ['body', 'end', 'follow', 'greeting', 'publicly', 'short', 'short-verify', 'subject'],
  'letter.body': [...NOTICE_EVENTS, ...UNDATED].sort(),
  'letter.subject': [...NOTICE_EVENTS].sort(),
  notice: [...NOTICE_EVENTS, ...UNDATED].sort(),
  open311: [
    ...wordsIn(
      OPEN311,
      /'open311:([a-z-]+)'/g,
      /\bsay\((?:on|\w+), [^']*(?:'[a-z-]+'\]\), )?'([a-z-]+)'\)/g,
      /\bwrong\((?:request, )?\d{3}, '([a-z0-9-]+)'/g,
      /'(unreadable|too-large|not-a-time|span-too-long|yes|no)'/g,
    ),
    ...['attribute', 'datatype'],
  ].sort(),
  'open311.attribute': wordsIn(OPEN311, /attribute\('([a-z_0-9]+)'/g),
  'open311.datatype': ['one-of'],
  portal: wordsIn(
    `${FORMS}${HTTP}`,
    /'portal:([a-z-]+)'/g,
    /(?<=field[^\n]*)\bproblem: '([a-z-]+)'/g,
    /params: \{ problem: '([a-z-]+)'/g,
    /(?<=problem: field[^\n]*)[?:] '([a-z-]+)'/g,
  ),
  problem: [...wordsIn(STATUSES, /^ {2}'?([a-z-]+)'?: \d+,$/gm), 'field', 'what'].sort(),
  'problem.field': wordsIn(CORE, /refused: 'invalid',\s+field: '\w+',\s+problem: '([a-z-]+)'/g),
  'problem.what': wordsIn(`${HTTP}${CORE}`, /\bwhat: '([a-z]+)'/g, /missing: '([a-z]+)'/g),
}

function groupsOf(language: string): Record<string, readonly string[]> {
  const groups: Record<string, readonly string[]> = {}
  const add = (name: string, group: object): void => {
    groups[name] = Object.keys(group).sort()
    for (const [key, value] of Object.entries(group))
      if (typeof value === 'object') add(`${name}.${key}`, value as object)
  }
  for (const file of readdirSync(join(ROOT, 'locales', language)))
    add(file.replace('.json', ''), JSON.parse(readFileSync(join(ROOT, 'locales', language, file), 'utf8')) as object)
  return groups
}

it.each(LANGUAGES)('locales/%s has every sentence that the code asks for, and no other', (language) => {
  expect(groupsOf(language)).toEqual(ASKED)
})
