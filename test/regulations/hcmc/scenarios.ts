import type { ProvinceOptions } from '../support/open.ts'
import type { Scenario } from '../support/scenario.ts'
import { AGENCIES } from './city.ts'
import { DUTIES } from './duties.ts'
import { FAILURES } from './failures.ts'
import { INTAKE } from './intake.ts'
import { MATTERS } from './matters.ts'
import { OVERDUE } from './overdue.ts'
import { UNANSWERED } from './unanswered.ts'

/** Units work in the software of 1022 itself (Điều 2 khoản 2): none has any of its own. */
export const HCMC: ProvinceOptions & { readonly profile: string } = {
  profile: 'hcmc',
  office: 'none',
  start: '2026-12-01 07:55',
  agencies: AGENCIES,
  sources: [{ id: '1022', kind: 'hotline', profile: 'hcmc', name: 'Tổng đài 1022' }],
}

/** Quyết định 4874/QĐ-UBND. */
export const DECISION_4874: readonly Scenario[] = [
  ...INTAKE,
  ...FAILURES,
  ...MATTERS,
  ...DUTIES,
  ...OVERDUE,
  ...UNANSWERED,
]
