import { DIEN_BIEN } from './dien-bien/options.ts'
import { SCENARIOS } from './scenarios.ts'
import { walk } from './support/walk.ts'

walk(SCENARIOS['dien-bien']!, { profile: 'dien-bien', ...DIEN_BIEN })
