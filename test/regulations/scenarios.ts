import { ARTICLE_6 } from './dien-bien/article-6.ts'
import { ARTICLE_7_STEPS } from './dien-bien/article-7-steps.ts'
import { ARTICLE_7_TIME } from './dien-bien/article-7-time.ts'
import { ARTICLE_7_TOGETHER } from './dien-bien/article-7-together.ts'
import { ARTICLES_1_TO_5 } from './dien-bien/articles-1-5.ts'
import { ARTICLES_8_TO_14 } from './dien-bien/articles-8-14.ts'
import { DECISION_4874 } from './hcmc/scenarios.ts'
import type { Scenario } from './support/scenario.ts'

/** The walks through each decision, in its own order. */
export const SCENARIOS: Readonly<Record<string, readonly Scenario[]>> = {
  'dien-bien': [
    ...ARTICLES_1_TO_5,
    ...ARTICLE_6,
    ...ARTICLE_7_STEPS,
    ...ARTICLE_7_TIME,
    ...ARTICLE_7_TOGETHER,
    ...ARTICLES_8_TO_14,
  ],
  hcmc: DECISION_4874,
}
