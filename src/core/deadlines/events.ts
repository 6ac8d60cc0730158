/** What starts and stops clocks. `case.joined`: put into another, of which it is a repeat; `assignment.site-checked`: on the spot; `assignment.safe`: made safe for the time being; `assignment.interim`: the state so far. */
export const EVENTS = [
  'report.received',
  'report.complete',
  'case.urgent',
  'case.dispatched',
  'assignment.assigned',
  'assignment.delivered',
  'assignment.accepted',
  'assignment.asked',
  'assignment.site-checked',
  'assignment.safe',
  'assignment.interim',
  'assignment.answered',
  'assignment.approved',
  'assignment.returned',
  'assignment.forwarded',
  'assignment.withdrawn',
  'case.refused',
  'case.asked-back',
  'case.completed-by-reporter',
  'case.published',
  'case.replied',
  'case.closed',
  'case.reopened',
  'case.joined',
] as const
export type Event = (typeof EVENTS)[number]

/** With these an assignment's clocks that are not met end too. */
export const ENDS_ASSIGNMENT: ReadonlySet<Event> = new Set([
  'assignment.returned',
  'assignment.forwarded',
  'assignment.withdrawn',
])
/** With these every clock of the case that is not met ends. */
export const ENDS_CASE: ReadonlySet<Event> = new Set(['case.refused', 'case.closed'])
