import type { Assignment, Case } from '../cases/hold.ts'
import type { Facts } from './rule.ts'

/** What a case's row and that of the assignment in question say to the rules. */
export function factsOf(own: Case, assignment?: Assignment): Facts {
  return {
    category: own.category ?? undefined,
    urgent: own.urgent,
    complex: own.complex,
    siteVisit: (assignment?.siteVisitedAt ?? null) !== null,
    coordination: own.coordinated,
  }
}
