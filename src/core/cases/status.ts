import type { AssignmentRole, AssignmentState, CaseStatus } from '../words.ts'

export interface StatusFacts {
  readonly joined: boolean
  readonly closed: boolean
  readonly refused: boolean
  /** The reporter has been asked for what is missing. */
  readonly asked: boolean
  /** Why it waits for an officer. */
  readonly waitingFor: string | null
  /** Its reporters have been told the answer. */
  readonly replied: boolean
  readonly rated: boolean
  /** Of the case and of those joined into it, in this round. */
  readonly assignments: readonly { readonly state: AssignmentState; readonly role: AssignmentRole }[]
}

const RANK: Readonly<Record<Exclude<AssignmentState, 'returned' | 'forwarded' | 'withdrawn'>, number>> = {
  open: 1,
  delivered: 2,
  accepted: 3,
  'in-progress': 4,
  'for-approval': 5,
  answered: 6,
}
type Standing = keyof typeof RANK
const STATUS_OF: Readonly<Record<Standing, CaseStatus>> = {
  open: 'dispatching',
  delivered: 'dispatched',
  accepted: 'accepted',
  'in-progress': 'in-progress',
  'for-approval': 'for-approval',
  answered: 'result',
}

/**
 * A case's status, from its facts and nothing else. What reporters have been told outranks what an officer must still look at, and that outranks
 * how far an agency has come. Only the lead's word counts: who coordinates answers the lead.
 */
export function statusOf(facts: StatusFacts): CaseStatus {
  if (facts.joined) return 'joined'
  if (facts.closed) return 'closed'
  if (facts.refused) return 'refused'
  if (facts.replied) return facts.rated ? 'rated' : 'answered'
  const furthest = facts.assignments
    .filter(({ role, state }) => role === 'lead' && state in RANK)
    .map(({ state }) => state as Standing)
    .sort((a, b) => RANK[b] - RANK[a])[0]
  if (furthest === 'answered') return 'result'
  if (facts.asked) return 'asked'
  if (facts.waitingFor !== null) return 'waiting'
  return furthest === undefined ? 'received' : STATUS_OF[furthest]
}
