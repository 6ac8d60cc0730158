import type { Event } from '../deadlines/events.ts'
import type { AssignmentState, CaseStatus } from '../words.ts'

/** Who can move something. `intake`: triage and operators; `leader`: of the agency; `system`: a rule of the profile or a clock. */
export type Party = 'reporter' | 'intake' | 'agency' | 'leader' | 'office' | 'system'

interface Move<State> {
  readonly from: readonly State[]
  readonly by: readonly Party[]
  /** What clocks hear of it. */
  readonly event?: Event
}

/** An end is where no move begins. */
export interface AssignmentMove extends Move<AssignmentState> {
  readonly to: AssignmentState
  /** Its line in the history, where that is not the state that it leads to. */
  readonly line?: string
}

const NOT_STARTED = ['open', 'delivered'] as const

const LIVE = [...NOT_STARTED, 'accepted', 'in-progress', 'for-approval'] as const

/** THE moves of an assignment. It goes forward only, but for a draft that its leader sends back; going back any further is a new assignment. */
export const ASSIGNMENT_MOVES = {
  deliver: { from: ['open'], to: 'delivered', by: ['office', 'intake'], event: 'assignment.delivered' },
  accept: { from: NOT_STARTED, to: 'accepted', by: ['agency', 'office', 'intake'], event: 'assignment.accepted' },
  work: { from: ['open', 'delivered', 'accepted'], to: 'in-progress', by: ['agency', 'office'] },
  interim: {
    from: [...NOT_STARTED, 'accepted', 'in-progress'],
    to: 'in-progress',
    by: ['agency'],
    event: 'assignment.interim',
    line: 'assignment.interim',
  },
  submit: { from: [...NOT_STARTED, 'accepted', 'in-progress'], to: 'for-approval', by: ['agency'] },
  'send-back': { from: ['for-approval'], to: 'in-progress', by: ['leader'], line: 'assignment.sent-back' },
  approve: { from: ['for-approval'], to: 'answered', by: ['leader'], event: 'assignment.approved' },
  /** Where nobody here must approve: it was approved in the office's own software, or the profile asks for no approval. */
  answer: {
    from: [...NOT_STARTED, 'accepted', 'in-progress'],
    to: 'answered',
    by: ['agency', 'office'],
    event: 'assignment.answered',
  },
  return: { from: LIVE, to: 'returned', by: ['agency', 'office', 'intake'], event: 'assignment.returned' },
  forward: { from: LIVE, to: 'forwarded', by: ['agency', 'intake'], event: 'assignment.forwarded' },
  withdraw: { from: LIVE, to: 'withdrawn', by: ['intake', 'system'], event: 'assignment.withdrawn' },
} as const satisfies Readonly<Record<string, AssignmentMove>>
export type AssignmentMoveName = keyof typeof ASSIGNMENT_MOVES

const UNSETTLED = [
  'received',
  'waiting',
  'asked',
  'dispatching',
  'dispatched',
  'accepted',
  'in-progress',
  'for-approval',
] as const
const TOLD = ['answered', 'rated'] as const

/** THE moves of a case. Its status is not set by them: `statusOf` reads it from the facts that they leave. */
export const CASE_MOVES = {
  assign: { from: ['received', 'waiting', 'asked'], by: ['intake', 'system'], event: 'case.dispatched' },
  involve: { from: ['dispatching', 'dispatched', 'accepted', 'in-progress'], by: ['intake', 'agency'] },
  ask: { from: UNSETTLED, by: ['intake', 'agency', 'system'], event: 'case.asked-back' },
  complete: { from: ['asked'], by: ['reporter', 'intake'], event: 'case.completed-by-reporter' },
  refuse: { from: UNSETTLED, by: ['intake', 'agency', 'system'], event: 'case.refused' },
  hide: { from: [...UNSETTLED, 'refused', 'result', ...TOLD, 'closed'], by: ['intake', 'agency'] },
  show: { from: [...UNSETTLED, 'refused', 'result', ...TOLD, 'closed'], by: ['intake'] },
  'answer-directly': { from: ['received', 'waiting', 'asked'], by: ['intake'], event: 'case.replied' },
  reply: { from: ['result'], by: ['intake', 'system'], event: 'case.replied' },
  rate: { from: [...TOLD, 'closed'], by: ['reporter'] },
  dispute: { from: ['refused', ...TOLD, 'closed'], by: ['reporter'] },
  reopen: { from: ['refused', ...TOLD, 'closed'], by: ['intake', 'system'], event: 'case.reopened' },
  close: { from: ['refused', ...TOLD], by: ['intake', 'system'], event: 'case.closed' },
  escalate: { from: [...UNSETTLED, 'result', ...TOLD], by: ['intake', 'agency', 'system'] },
  correct: { from: UNSETTLED, by: ['intake'] },
} as const satisfies Readonly<Record<string, Move<CaseStatus>>>
export type CaseMoveName = keyof typeof CASE_MOVES

/** May the assignment make this move? A late word never undoes a newer one; what has ended moves no more. */
export function canMove(state: AssignmentState, move: AssignmentMoveName): boolean {
  return (ASSIGNMENT_MOVES[move].from as readonly AssignmentState[]).includes(state)
}

export function caseCan(status: CaseStatus, move: CaseMoveName): boolean {
  return (CASE_MOVES[move].from as readonly CaseStatus[]).includes(status)
}

const ENDS: ReadonlySet<AssignmentState> = new Set(['answered', 'returned', 'forwarded', 'withdrawn'])

/** Has the agency nothing more to do with it? */
export const isEnd = (state: AssignmentState): boolean => ENDS.has(state)
