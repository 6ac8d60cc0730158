import { describe, expect, it } from 'vitest'
import { ACTIONS, ROLES } from '../words.ts'
import { demand, may, mayEverywhere, NotAllowed } from './may.ts'
import type { Officer } from './officer.ts'

const officer = (more: Partial<Officer>): Officer => ({ id: 'x', actor: 'user:x', roles: [], agencies: [], ...more })

describe('what an officer may do', () => {
  it('is nothing without a role', () => {
    for (const action of ACTIONS) expect(may(officer({ agencies: 'all' }), action)).toBe(false)
  })

  it('is of an agency’s case only where it is their agency', () => {
    const own = officer({ roles: ['agency', 'leader'], agencies: ['a', 'b'] })
    for (const action of ['case.read', 'case.answer', 'case.approve', 'identity.reveal'] as const) {
      expect(may(own, action)).toBe(true)
      expect(may(own, action, { agencyId: 'b' })).toBe(true)
      expect(may(own, action, { agencyId: 'c' })).toBe(false)
      expect(mayEverywhere(own, action)).toBe(false)
    }
    expect(may(officer({ roles: ['agency'] }), 'case.read')).toBe(false)
    expect(mayEverywhere(officer({ roles: ['agency'], agencies: 'all' }), 'case.read')).toBe(true)
  })

  it('does not grow over agencies by a role that knows none', () => {
    const both = officer({ roles: ['operator', 'agency'], agencies: ['a'] })
    expect(may(both, 'case.read', { agencyId: 'c' })).toBe(true)
    expect(may(both, 'case.answer', { agencyId: 'c' })).toBe(false)
    expect(mayEverywhere(both, 'case.read')).toBe(true)
  })

  it('never shows an auditor, IT or a program who reported', () => {
    for (const action of ['identity.reveal', 'identity.disclose'] as const) {
      expect(may(officer({ roles: ['auditor', 'it', 'operator'] }), action)).toBe(false)
      expect(may(officer({ actor: 'staff:x', roles: ROLES, agencies: 'all' }), action)).toBe(false)
      expect(may(officer({ roles: ['triage'] }), action)).toBe(true)
    }
  })

  it('is for an auditor to read', () => {
    const may_ = ACTIONS.filter((action) => may(officer({ roles: ['auditor'] }), action))
    expect(may_.filter((action) => !action.endsWith('.read'))).toEqual([])
    expect(may_).toHaveLength(ACTIONS.filter((action) => action.endsWith('.read')).length)
  })

  it('is asked by each operation itself', () => {
    expect(() => demand(officer({ roles: ['auditor'] }), 'case.assign')).toThrow(NotAllowed)
    expect(() => demand(officer({ roles: ['triage'] }), 'case.assign')).not.toThrow()
    const own = officer({ roles: ['agency'], agencies: ['a'] })
    expect(() => demand(own, 'case.answer', { agencyId: 'b' })).toThrow(NotAllowed)
  })
})
