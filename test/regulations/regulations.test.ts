import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { SCENARIOS } from './scenarios.ts'

const ROOT = join(import.meta.dirname, '../..')
const PAGE = join(ROOT, 'docs/regulations.md')

const Articles = z.strictObject({
  profile: z.string(),
  decision: z.string(),
  test: z.string(),
  articles: z.array(
    z
      .strictObject({
        article: z.string().regex(/^Điều \d+$/),
        about: z.string(),
        /** Anchor of docs/decisions.md. */
        decision: z.string().optional(),
        notSoftware: z.string().optional(),
        part: z.string().optional(),
      })
      .refine(({ notSoftware, decision, part }) => notSoftware === undefined || (decision ?? part) === undefined),
  ),
})
type Articles = z.output<typeof Articles>

const FILES = readdirSync(join(import.meta.dirname, 'articles'))
const ALL = FILES.map((file) =>
  Articles.parse(parse(readFileSync(join(import.meta.dirname, 'articles', file), 'utf8'))),
)

const isOf = (article: string) => (scenario: { readonly article: string }) =>
  scenario.article === article || scenario.article.startsWith(`${article} `)

function rowOf({ profile, test }: Articles, entry: Articles['articles'][number]): string {
  const { article, about, decision, notSoftware, part } = entry
  const tests = (SCENARIOS[profile] ?? []).filter(isOf(article))
  const kept = tests
    .map(({ article: cited, name }) => `${cited.slice(article.length).trim()} ${name}`.trim())
    .join('; ')
  const link = decision === undefined ? '' : `, with a [decision](decisions.md#${decision})`
  const held = notSoftware === undefined ? `kept${link}: [${kept}](../${test})` : `not software: ${notSoftware}`
  return `| ${profile} ${article} | ${about} | ${held}${part === undefined ? '' : `. ${part}`} |`
}

function page(): string {
  const head = [
    '# Regulations, article by article',
    '',
    'Written by `UPDATE_DOCS=1 npx vitest run --project embedded test/regulations/regulations.test.ts` from',
    '[`test/regulations/articles`](../test/regulations/articles) and the scenarios that cite the articles; each is played with the built product, and each rule',
    'of a profile is taken out in turn to see that one of them notices.',
    '',
  ]
  const tables = ALL.flatMap((file) => [
    `## ${file.profile}: ${file.decision}`,
    '',
    '| article | about | in the software |',
    '| --- | --- | --- |',
    ...file.articles.map((entry) => rowOf(file, entry)),
    '',
  ])
  return [...head, ...tables].join('\n')
}

it('docs/regulations.md says what the scenarios hold', () => {
  if (process.env['UPDATE_DOCS'] !== undefined) writeFileSync(PAGE, page())
  expect(readFileSync(PAGE, 'utf8')).toBe(page())
})

it.each(ALL.map((file) => [file.profile, file] as const))(
  '%s: every article of what is software has a scenario, and every scenario an article',
  (_, { profile, articles }) => {
    const scenarios = SCENARIOS[profile] ?? []
    const without = articles.filter(
      ({ article, notSoftware }) => notSoftware === undefined && !scenarios.some(isOf(article)),
    )
    expect(without.map(({ article }) => article)).toEqual([])
    expect(scenarios.filter((one) => !articles.some(({ article }) => isOf(article)(one)))).toEqual([])
  },
)

it('every decision that is linked to is there', () => {
  const headings = readFileSync(join(ROOT, 'docs/decisions.md'), 'utf8')
    .split('\n')
    .flatMap((line) =>
      line.startsWith('#')
        ? [
            line
              .replace(/^#+ /, '')
              .toLowerCase()
              .replaceAll(/[^\p{L}\d -]/gu, '')
              .replaceAll(' ', '-'),
          ]
        : [],
    )
  for (const { articles } of ALL)
    for (const { decision } of articles) if (decision !== undefined) expect(headings).toContain(decision)
})
