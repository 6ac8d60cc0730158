import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { AnyChannel } from '../../src/channels/channel.ts'
import { type ChannelKind, channels } from '../../src/channels/list.ts'
import type { About, Way, Words } from './contract.ts'
import { contracts } from './contracts.ts'
import { TRAPS } from './traps.ts'

const ROOT = join(import.meta.dirname, '../..')

/** `docs/channels.md`, from the plugs and from what their contracts say. */
export function drawChannels(): string {
  return `# Channels

Drawn from the channels' own code and from [\`test/contract\`](../test/contract), which tries on each of them what has gone wrong elsewhere; the test
there fails where this page is not what holds. How to make one: [add a channel](add-a-channel.md).

| | comes in by | later words that it can bring | sends to | when a reply is lost | is asked afterwards | sealed settings |
| --- | --- | --- | --- | --- | --- | --- |
${channels.map(rowOf).join('\n')}

${channels.map(chapterOf).join('\n')}
## What has gone wrong elsewhere

What users of other gateways complain of, and the test here that would fail.

| trap | held by |
| --- | --- |
${TRAPS.map(({ trap, held }) => `| ${trap} | ${[...new Set(held.map(([file]) => linkTo(file)))].join(', ')} |`).join('\n')}
`
}

function rowOf(channel: AnyChannel): string {
  const { ways } = contractOf(channel)
  const intakes = channel.intakes.map(({ intake }) => intake)
  const words = new Set(ways.flatMap((way) => (way.way === 'webhook' ? wordsOf(way.words) : [])))
  const secrets = channel.secrets.map((name) => `\`${name}\``)
  const cells = [
    `[${channel.kind}](#${channel.kind})`,
    intakes.join(', '),
    [...words].join(', '),
    channel.send?.to ?? '',
    channel.send === undefined ? '' : LOST[channel.send.whenUnknown],
    channel.reconcile === undefined ? '' : 'yes',
    secrets.join(', '),
  ]
  return `| ${cells.join(' | ')} |`
}

const NAMES: Readonly<Record<keyof Words, string>> = {
  edit: 'edits',
  more: 'more of it',
  deletion: 'deletions',
  receipt: 'receipts',
  batch: 'several in a call',
  file: 'files to fetch',
  goesOn: 'the next message of a talk',
}

function wordsOf(words: Words): string[] {
  return Object.entries(words).flatMap(([word, said]) =>
    said === 'never' || said === false ? [] : [NAMES[word as keyof Words]],
  )
}

const ROWS = ['receives', 'verifies', 'reconciles', 'sends', 'limits'] as const satisfies readonly (keyof About)[]

function chapterOf(channel: AnyChannel): string {
  const { about, ways } = contractOf(channel)
  const page = `src/channels/${channel.kind}/README.md`
  const more = existsSync(join(ROOT, page)) ? `\n[How to set it up](../${page})\n` : ''
  return `## ${channel.kind}
${more}
| | |
| --- | --- |
${ROWS.map((row) => `| ${row} | ${about[row]} |`).join('\n')}
${mostOf(channel)}| speaks as | ${ways.map(speaksAs).join(' · ')} |
`
}

/** In bytes; a form's fields have their own. */
function mostOf({ intakes, maxAnswerBytes }: AnyChannel): string {
  const calls = intakes.flatMap((one) => (one.intake === 'webhook' ? [`${sizeOf(one.maxBytes)} in a call`] : []))
  const files = maxAnswerBytes === undefined ? [] : [`${sizeOf(maxAnswerBytes)} in a file that is fetched`]
  const all = [...calls, ...files]
  return all.length === 0 ? '' : `| at most | ${all.join('; ')} |\n`
}

const LOST = { again: 'sent again under the same id', leave: 'left to a person' } as const

const sizeOf = (bytes: number): string => (bytes >= 1024 * 1024 ? `${bytes / 1024 / 1024} MB` : `${bytes / 1024} KB`)

function speaksAs({ name, documentation }: Way): string {
  return `[${name}](${documentation})`
}

function linkTo(file: string): string {
  return `[\`${file.split('/').at(-1)}\`](../${file})`
}

function contractOf({ kind }: AnyChannel) {
  return contracts[kind as ChannelKind]
}
