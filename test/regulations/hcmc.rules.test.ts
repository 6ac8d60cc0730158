import { rulesOfCity } from './hcmc/rules.ts'
import { DECISION_4874, HCMC } from './hcmc/scenarios.ts'
import { takeEachRuleOut } from './support/take-out.ts'

await takeEachRuleOut(DECISION_4874, HCMC, rulesOfCity)
