import { expect, it } from 'vitest'
import { faultsOf } from './house.js'

it.each([
  [
    'src/core/notices/text.ts',
    "const title = 'Đã tiếp nhận'",
    'src/core/notices/text.ts:1: a sentence outside locales/: Đã tiếp nhận',
  ],
  [
    'src/http/a.ts',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the code under test
    '\nconst t = `Mã ${code} đã được chuyển`',
    'src/http/a.ts:2: a sentence outside locales/: đã được chuyển',
  ],
  ['src/core/a.ts', 'const urgent = /cứu với/u', 'src/core/a.ts:1: a sentence outside locales/: /cứu với/u'],
  [
    'src/core/a.ts',
    `const title = '${'Đã nhận'.normalize('NFD')}'`,
    'src/core/a.ts:1: a sentence outside locales/: Đã nhận',
  ],
  ['src/core/a.ts', '// TODO later', 'src/core/a.ts:1: // TODO later'],
  ['bench/bench.ts', '\n/* FIXME: slow */', 'bench/bench.ts:2: /* FIXME: slow */'],
  ['src/core/a.test.ts', 'x\n'.repeat(451), 'src/core/a.test.ts: 451 lines, 450 at most'],
])('%s: refuses %s', (file, text, fault) => {
  expect(faultsOf(file, text)).toEqual([fault])
})

it.each([
  ['src/core/words.ts', '// profile (quy chế của một tỉnh): the rules of one province as data'],
  ['src/core/a.ts', "const word = 'đường'"],
  ['src/core/a.ts', "const sentence = 'A naive sentence in English'"],
  ['src/normalize/lexicon.ts', "const place = 'ngã tư'"],
  ['src/channels/portal/locales/vi.ts', "const label = 'Họ và tên'"],
  ['src/core/a.test.ts', "const text = 'Ổ gà trước nhà số 5'"],
  ['test/demo/demo.ts', "const text = 'Ổ gà trước nhà số 5'"],
  ['src/core/a.ts', 'x\n'.repeat(350)],
])('%s: accepts %s', (file, text) => {
  expect(faultsOf(file, text)).toEqual([])
})
