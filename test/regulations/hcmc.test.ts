import { DECISION_4874, HCMC } from './hcmc/scenarios.ts'
import { walk } from './support/walk.ts'

walk(DECISION_4874, HCMC)
