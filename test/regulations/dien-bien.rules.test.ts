import { DIEN_BIEN } from './dien-bien/options.ts'
import { SCENARIOS } from './scenarios.ts'
import { takeEachRuleOut } from './support/take-out.ts'

await takeEachRuleOut(SCENARIOS['dien-bien']!, { profile: 'dien-bien', ...DIEN_BIEN })
