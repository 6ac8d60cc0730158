import { describe, expect, it } from 'vitest'
import { ASSIGNMENT_STATES, type AssignmentState, CASE_STATUSES, type CaseStatus } from '../words.ts'
import { type StatusFacts, statusOf } from './status.ts'

const NOTHING: StatusFacts = {
  ...{ joined: false, closed: false, refused: false, asked: false, replied: false, rated: false },
  waitingFor: null,
  assignments: [],
}
type Lead = { readonly state: AssignmentState; readonly role: 'lead' }
const leads = (states: readonly AssignmentState[]): Lead[] => states.map((state) => ({ state, role: 'lead' }))
const of = (states: readonly AssignmentState[], more: Partial<StatusFacts> = {}): CaseStatus =>
  statusOf({ ...NOTHING, ...more, assignments: leads(states) })

/** Every list of up to three states: 1 + 9 + 81 + 729. */
const COUNT = ASSIGNMENT_STATES.length
const LISTS: readonly (readonly AssignmentState[])[] = [0, 1, 2, 3].flatMap((size) =>
  Array.from({ length: COUNT ** size }, (_, n) =>
    Array.from({ length: size }, (_else, i) => ASSIGNMENT_STATES[Math.floor(n / COUNT ** i) % COUNT]!),
  ),
)
const FLAGS = ['joined', 'closed', 'refused', 'asked', 'replied', 'rated'] as const
/** Every set of flags, with and without a reason to wait. */
const FACTS: readonly Omit<StatusFacts, 'assignments'>[] = Array.from({ length: 2 ** FLAGS.length }, (_, n) =>
  [null, 'no-place'].map((waitingFor) => ({
    ...NOTHING,
    waitingFor,
    ...Object.fromEntries(FLAGS.map((flag, i) => [flag, (n & (1 << i)) !== 0])),
  })),
).flat()

describe('the status of a case', () => {
  it.each<[readonly AssignmentState[], string | null, CaseStatus]>([
    [[], null, 'received'],
    [[], 'no-place', 'waiting'],
    [['open'], null, 'dispatching'],
    [['delivered'], null, 'dispatched'],
    [['accepted'], null, 'accepted'],
    [['in-progress'], null, 'in-progress'],
    [['for-approval'], null, 'for-approval'],
    [['answered'], null, 'result'],
    [['returned'], null, 'received'],
    [['returned'], 'returned', 'waiting'],
    [['returned', 'open'], null, 'dispatching'],
    [['forwarded', 'open'], null, 'dispatching'],
    [['withdrawn', 'accepted'], null, 'accepted'],
    [['accepted', 'open'], null, 'accepted'],
    [['open', 'answered'], null, 'result'],
    [['answered'], 'returned', 'result'],
    [['in-progress'], 'office-rejected', 'waiting'],
  ])('of %j that waits for %s is %s', (states, waitingFor, status) => {
    expect(of(states, { waitingFor })).toBe(status)
  })

  it.each<[Partial<StatusFacts>, CaseStatus]>([
    [{ asked: true }, 'asked'],
    [{ asked: true, waitingFor: 'no-place' }, 'asked'],
    [{ refused: true }, 'refused'],
    [{ refused: true, asked: true, waitingFor: 'no-place' }, 'refused'],
    [{ replied: true }, 'answered'],
    [{ replied: true, rated: true }, 'rated'],
    [{ replied: true, rated: true, closed: true }, 'closed'],
    [{ refused: true, closed: true }, 'closed'],
    [{ replied: true, joined: true, closed: true }, 'joined'],
    [{ replied: true, asked: true, waitingFor: 'after-answer' }, 'answered'],
  ])('with %j is %s', (facts, status) => {
    expect(of(['accepted'], facts)).toBe(status)
  })

  it('is the lead’s: who coordinates answers the lead, who is informed answers nobody', () => {
    for (const role of ['coordinating', 'informed'] as const)
      for (const state of ASSIGNMENT_STATES)
        for (const list of LISTS.filter(({ length }) => length < 3))
          expect(statusOf({ ...NOTHING, assignments: [...leads(list), { state, role }] })).toBe(of(list))
  })

  it('holds for every small case', () => {
    const seen = new Set<CaseStatus>()
    for (const list of LISTS)
      for (const facts of FACTS) {
        const status = of(list, facts)
        seen.add(status)
        expect(status === 'joined').toBe(facts.joined)
        if (facts.joined) continue
        expect(status === 'closed').toBe(facts.closed)
        if (facts.closed) continue
        expect(status === 'refused').toBe(facts.refused)
        if (facts.refused) continue
        expect(status === 'answered' || status === 'rated').toBe(facts.replied)
        expect(of(list.toReversed(), facts)).toBe(status)
        const live = list.filter((state) => !['returned', 'forwarded', 'withdrawn'].includes(state))
        expect(of(live, facts)).toBe(status)
      }
    expect([...seen].sort()).toEqual([...CASE_STATUSES].sort())
  })
})
