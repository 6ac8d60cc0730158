import type { Action, Role } from '../words.ts'
import type { Officer } from './officer.ts'

const INTAKE: readonly Role[] = ['triage']
/** Triage, and the agency that has the case. */
const WORK: readonly Role[] = ['triage', 'agency', 'leader']
const TECHNICAL: readonly Role[] = ['it', 'auditor']

/**
 * Which roles may do what. `agency` and `leader` only where their agency has a share (`SCOPED`); `auditor` only reads; `it` touches no case and
 * nobody's identity. An operator sees cases and logs reports.
 */
const WHO: Readonly<Record<Action, readonly Role[]>> = {
  'case.read': ['operator', ...WORK, 'auditor'],
  'case.note': ['operator', ...WORK],
  'case.assign': INTAKE,
  'case.return': WORK,
  'case.forward': WORK,
  'case.coordinate': WORK,
  'case.refuse': WORK,
  'case.ask': WORK,
  'case.hide': WORK,
  'case.answer': WORK,
  'case.approve': ['triage', 'leader'],
  'case.publish': INTAKE,
  'case.reopen': INTAKE,
  'case.close': INTAKE,
  'case.escalate': ['triage', 'leader'],
  'case.join': INTAKE,
  'report.log': ['operator', 'triage'],
  'identity.reveal': WORK,
  'identity.disclose': INTAKE,
  'delivery.read': ['triage', ...TECHNICAL],
  'delivery.replay': ['triage', 'it'],
  'delivery.give-up': INTAKE,
  'notice.read': ['operator', 'triage', ...TECHNICAL],
  'source.read': ['triage', ...TECHNICAL],
  'quarantine.read': ['operator', 'triage', ...TECHNICAL],
  'quarantine.take-in': INTAKE,
  'agency.read': ['operator', ...WORK, ...TECHNICAL],
  'settings.read': ['triage', ...TECHNICAL],
  'settings.write': ['it'],
  'calendar.write': ['triage', 'it'],
  'user.read': TECHNICAL,
  'user.manage': ['it'],
  'token.read': TECHNICAL,
  'token.manage': ['it'],
  'log.read': TECHNICAL,
  'task.read': TECHNICAL,
  'task.replay': ['it'],
  'duty.manage': INTAKE,
  'duty.take': ['operator', 'triage'],
}

/** Roles that hold for agencies, not for the whole province. */
const SCOPED: ReadonlySet<Role> = new Set(['agency', 'leader'])
export const isScoped = (role: Role): boolean => SCOPED.has(role)

/** What only a person does who can be asked about it: a token may be shared by many. */
const BY_PERSONS: ReadonlySet<Action> = new Set(['identity.reveal', 'identity.disclose'])

/**
 * May they? With `agencyId`, for that agency's share of a case; without, at all: then the operation still looks at the case (`scope.ts`). Pure.
 */
export function may(
  { actor, roles, agencies }: Pick<Officer, 'actor' | 'roles' | 'agencies'>,
  action: Action,
  { agencyId }: { readonly agencyId?: string | undefined } = {},
): boolean {
  if (BY_PERSONS.has(action) && actor.startsWith('staff:')) return false
  return roles.some((role) => {
    if (!WHO[action].includes(role)) return false
    if (!SCOPED.has(role) || agencies === 'all') return true
    return agencyId === undefined ? agencies.length > 0 : agencies.includes(agencyId)
  })
}

/** May they, whichever agency's case it is? */
export function mayEverywhere(officer: Officer, action: Action): boolean {
  const { roles, agencies, ...rest } = officer
  return may(
    { ...rest, agencies, roles: agencies === 'all' ? roles : roles.filter((role) => !SCOPED.has(role)) },
    action,
  )
}

/** An operation was asked for by somebody who may not: the route's guard should have said so. */
export class NotAllowed extends Error {
  override readonly name = 'NotAllowed'
  readonly action: Action
  constructor(action: Action) {
    super(action)
    this.action = action
  }
}

/** The first line of an operation: whoever calls it, by whatever way. */
export function demand(officer: Officer, action: Action, of: { readonly agencyId?: string } = {}): void {
  if (!may(officer, action, of)) throw new NotAllowed(action)
}
