import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { arrows } from './arrows.js'

const REPOSITORY = join(import.meta.dirname, '../..')

/** Every file of an invented checkout: its lines, each marked with the rule that must refuse it, or with none. */
const PLANTED = {
  'src/app.ts': {
    "import './http/cases.ts'": '',
    "import './channels/list.ts'": '',
    "import './platform/clock.ts'": '',
    "import './channels/mail/index.ts'": 'listed-plugs',
    "import '../test/support/office/office.ts'": 'tests-are-leaves',
  },
  'src/config.ts': {},
  'src/app.test.ts': { "import './app.ts'": '', "import '../test/support/office/office.ts'": '' },
  'src/http/cases.ts': {
    "import './contract/cases.ts'": '',
    "import '../core/act.ts'": '',
    "import '../normalize/text.ts'": '',
    "import '../platform/clock.ts'": '',
    "import type { Channel } from '../channels/channel.ts'": '',
    "import '../channels/list.ts'": 'http',
    "import type { Connector } from '../connectors/connector.ts'": '',
  },
  'src/http/cases.test.ts': { "import '../connectors/list.ts'": '' },
  'src/http/contract/cases.ts': {
    "import { z } from 'zod'": '',
    "import './page.ts'": '',
    "import type { Kind } from '../../core/words.ts'": '',
    "import type { Fault } from '../../core/fault.ts'": 'contract',
    "import '../../normalize/text.ts'": 'contract',
    "import 'node:fs'": 'contract',
    "import 'pg'": 'contract',
  },
  'src/http/contract/page.ts': {},
  'src/channels/channel.ts': { "import type { Fault } from '../core/fault.ts'": '' },
  'src/channels/list.ts': {
    "import './mail/index.ts'": '',
    "import './phone/index.ts'": '',
    "import './mail/read.ts'": 'plugs',
    "import '../core/act.ts'": 'plugs',
  },
  'src/channels/mail/index.ts': { "import './read.ts'": '', "import type { Channel } from '../channel.ts'": '' },
  'src/channels/mail/read.ts': {
    "import { fault } from '../../core/fault.ts'": '',
    "import { KINDS } from '../../core/words.ts'": '',
    "import '../../normalize/text.ts'": '',
    "import type { Clock } from '../../platform/clock.ts'": '',
    "import { database } from '../../platform/database.ts'": 'ports-are-types',
    "import type { Case } from '../../core/case.ts'": 'plug',
    "import '../phone/index.ts'": 'plug',
    "import type { Connector } from '../../connectors/connector.ts'": 'plug',
    "import '../../http/contract/page.ts'": 'plug',
  },
  'src/channels/mail/send.ts': {
    "import type { Clock } from '../../platform/clock.ts'": '',
    "import { systemClock } from '../../platform/clock.ts'": 'ports-are-types',
  },
  'src/channels/phone/index.ts': {},
  'src/connectors/connector.ts': {},
  'src/connectors/list.ts': { "import './office/index.ts'": '' },
  'src/connectors/office/index.ts': {
    "import type { Connector } from '../connector.ts'": '',
    "import '../../config.ts'": 'plug',
  },
  'src/core/act.ts': {
    "import { fault } from './fault.ts'": '',
    "import '../normalize/text.ts'": '',
    "import '../platform/clock.ts'": '',
    "import type { Channel } from '../channels/channel.ts'": '',
    "import type { Connector } from '../connectors/connector.ts'": '',
    "import '../channels/phone/index.ts'": 'core',
    "import '../connectors/list.ts'": 'core',
    "import '../config.ts'": 'core',
    "import '../http/contract/page.ts'": 'core',
  },
  'src/core/notice.ts': {
    "import { KINDS } from '../channels/channel.ts'": 'plugs-are-types',
    "import { type Connector, LIMIT } from '../connectors/connector.ts'": 'plugs-are-types',
  },
  'src/core/case.ts': {},
  'src/core/fault.ts': {},
  'src/core/words.ts': {},
  'src/platform/clock.ts': { "import { fault } from '../core/fault.ts'": '', "import '../core/words.ts'": '' },
  'src/platform/database.ts': {
    "import './clock.ts'": '',
    "import 'pg'": '',
    "import type { Case } from '../core/case.ts'": 'platform',
    "import '../normalize/text.ts'": 'platform',
  },
  'src/normalize/text.ts': {
    "import './fold.ts'": '',
    "import type { Fault } from '../core/fault.ts'": 'normalize',
    "import { readFile } from 'node:fs/promises'": 'normalize-is-pure',
  },
  'src/normalize/fold.ts': { "import './lost.ts'": 'no-dead-import' },
  'src/platform/ring.ts': { "import './ring-b.ts'": '' },
  'src/platform/ring-b.ts': { "import type { Ring } from './ring.ts'": 'no-circle' },
  'test/support/office/office.ts': {
    "import 'node:http'": '',
    "import type { Fault } from '../../../src/core/fault.ts'": 'stand-ins-stand-alone',
  },
  'bench/bench.ts': { "import '../src/app.ts'": '', "import '../src/connectors/office/index.ts'": 'listed-plugs' },
}

/** @type {string} */
let root

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'paht-arrows-'))
  for (const name of ['.dependency-cruiser.cjs', 'tsconfig.json', 'package.json']) {
    copyFileSync(join(REPOSITORY, name), join(root, name))
  }
  for (const [file, imports] of Object.entries(PLANTED)) write(file, `${Object.keys(imports).join('\n')}\nexport {}\n`)
  for (const name of ['pg', 'zod']) write(`node_modules/${name}/index.js`, 'export {}\n')
})
afterAll(() => rmSync(root, { recursive: true }))

it('refuses each planted arrow by its rule and lets all others pass', async () => {
  const refused = Object.entries(PLANTED).flatMap(([file, imports]) =>
    Object.entries(imports)
      .filter(([, rule]) => rule !== '')
      .map(([line, rule]) => `${rule}: ${file} → ${target(file, line)}`),
  )
  expect((await arrows(root)).map(firstArrow).sort()).toEqual(refused.sort())
})

/**
 * @param {string} file
 * @param {string} text
 */
function write(file, text) {
  mkdirSync(join(root, dirname(file)), { recursive: true })
  writeFileSync(join(root, file), text)
}

/**
 * @param {string} file
 * @param {string} line
 */
function target(file, line) {
  const name = line.match(/'(.+)'$/)?.[1] ?? ''
  if (name.endsWith('lost.ts')) return name
  return name.startsWith('.') ? join(dirname(file), name) : (RESOLVED[name] ?? name)
}

/** @type {Record<string, string>} */
const RESOLVED = { 'node:fs': 'fs', 'node:fs/promises': 'fs/promises', pg: 'node_modules/pg/index.js' }

/**
 * A circle is reported with all its members; its first arrow is what was planted.
 * @param {string} problem
 */
function firstArrow(problem) {
  return problem.split(' → ').slice(0, 2).join(' → ')
}
