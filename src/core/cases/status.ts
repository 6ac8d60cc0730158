import type { AssignmentState, CaseStatus } from '../words.ts'

export interface StatusFacts {
  readonly joined: boolean
  readonly waitingFor: string | null
  /** Of the case and of those joined into it. */
  readonly assignments: readonly { readonly state: AssignmentState }[]
}

const RANK: Readonly<Record<AssignmentState, number>> = {
  returned: 0,
  open: 1,
  delivered: 2,
  accepted: 3,
  'in-progress': 4,
  answered: 5,
}
const STATUS_OF: Readonly<Record<Exclude<AssignmentState, 'returned'>, CaseStatus>> = {
  open: 'dispatched',
  delivered: 'dispatched',
  accepted: 'accepted',
  'in-progress': 'in-progress',
  answered: 'answered',
}

/** A case's status, from its facts and nothing else. Waiting for an officer outranks everything that is not an answer. */
export function statusOf({ joined, waitingFor, assignments }: StatusFacts): CaseStatus {
  if (joined) return 'joined'
  const live = assignments.map((a) => a.state).filter((state) => state !== 'returned')
  const furthest = live.sort((a, b) => RANK[b] - RANK[a])[0]
  if (furthest === 'answered') return 'answered'
  if (waitingFor !== null) return 'waiting'
  return furthest === undefined ? 'received' : STATUS_OF[furthest]
}

/** May an assignment move from one state to the other? A late word never undoes a newer one; an ended assignment never moves again. */
export function movesForward(from: AssignmentState, to: AssignmentState): boolean {
  if (from === 'returned' || from === 'answered') return false
  return to === 'returned' || RANK[to] > RANK[from]
}
