import { describe, expect, it } from 'vitest'
import { ASSIGNMENT_STATES, type AssignmentState, CASE_STATUSES, type CaseStatus } from '../words.ts'
import { movesForward, type StatusFacts, statusOf } from './status.ts'

const REASONS = [null, 'no-place', 'office-rejected']

/** Every list of up to three states: 1 + 6 + 36 + 216. */
const LISTS: readonly (readonly AssignmentState[])[] = [0, 1, 2, 3].flatMap((size) =>
  Array.from({ length: ASSIGNMENT_STATES.length ** size }, (_, n) =>
    Array.from({ length: size }, (_else, i) => ASSIGNMENT_STATES[Math.floor(n / 6 ** i) % 6]!),
  ),
)
const ALL: readonly StatusFacts[] = LISTS.flatMap((states) =>
  REASONS.flatMap((waitingFor) =>
    [true, false].map((joined) => ({ joined, waitingFor, assignments: states.map((state) => ({ state })) })),
  ),
)
const of = (states: readonly AssignmentState[], waitingFor: string | null = null): CaseStatus =>
  statusOf({ joined: false, waitingFor, assignments: states.map((state) => ({ state })) })

describe('the status of a case', () => {
  it.each<[readonly AssignmentState[], string | null, CaseStatus]>([
    [[], null, 'received'],
    [[], 'no-place', 'waiting'],
    [['open'], null, 'dispatched'],
    [['delivered'], null, 'dispatched'],
    [['accepted'], null, 'accepted'],
    [['in-progress'], null, 'in-progress'],
    [['answered'], null, 'answered'],
    [['returned'], null, 'received'],
    [['returned'], 'returned', 'waiting'],
    [['returned', 'open'], null, 'dispatched'],
    [['accepted', 'open'], null, 'accepted'],
    [['open', 'answered'], null, 'answered'],
    [['answered'], 'returned', 'answered'],
    [['in-progress'], 'office-rejected', 'waiting'],
  ])('of %j that waits for %s is %s', (states, waitingFor, status) => {
    expect(of(states, waitingFor)).toBe(status)
  })

  it('holds for every small case', () => {
    expect(ALL).toHaveLength(259 * 6)
    for (const facts of ALL) {
      const status = statusOf(facts)
      const states = facts.assignments.map(({ state }) => state)
      expect(CASE_STATUSES).toContain(status)
      expect(status === 'joined').toBe(facts.joined)
      if (facts.joined) continue
      expect(status === 'answered').toBe(states.includes('answered'))
      if (status !== 'answered') expect(status === 'waiting').toBe(facts.waitingFor !== null)
      expect(statusOf({ ...facts, assignments: facts.assignments.toReversed() })).toBe(status)
      const live = states.filter((state) => state !== 'returned')
      expect(of(live, facts.waitingFor)).toBe(status)
    }
  })

  it('never falls back when an assignment moves forward', () => {
    const order: readonly CaseStatus[] = ['received', 'dispatched', 'accepted', 'in-progress', 'answered']
    for (const states of LISTS)
      for (const [i, from] of states.entries())
        for (const to of ASSIGNMENT_STATES) {
          if (to === 'returned' || !movesForward(from, to)) continue
          expect(order.indexOf(of(states.with(i, to)))).toBeGreaterThanOrEqual(order.indexOf(of(states)))
        }
  })

  it('changes nothing that it was given', () => {
    const assignments = Object.freeze([{ state: 'open' as const }, { state: 'answered' as const }])
    statusOf({ joined: false, waitingFor: null, assignments })
    expect(assignments.map(({ state }) => state)).toEqual(['open', 'answered'])
  })
})

describe('an assignment', () => {
  const forward: Readonly<Record<AssignmentState, readonly AssignmentState[]>> = {
    open: ['delivered', 'accepted', 'in-progress', 'answered', 'returned'],
    delivered: ['accepted', 'in-progress', 'answered', 'returned'],
    accepted: ['in-progress', 'answered', 'returned'],
    'in-progress': ['answered', 'returned'],
    answered: [],
    returned: [],
  }

  it.each(ASSIGNMENT_STATES)('that is %s moves forward only, and never again once it has ended', (from) => {
    expect(ASSIGNMENT_STATES.filter((to) => movesForward(from, to))).toEqual(forward[from])
  })
})
