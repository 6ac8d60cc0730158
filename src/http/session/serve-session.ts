import type { z } from 'zod'
import type { Ports } from '../../core/act.ts'
import { changePassword, confirmEnrolment, enrol } from '../../core/people/account.ts'
import { may } from '../../core/people/may.ts'
import type { Officer } from '../../core/people/officer.ts'
import { endSession, knownSession, type Session } from '../../core/people/session.ts'
import { giveCode, signIn, unlockSession } from '../../core/people/sign-in.ts'
import { ACTIONS } from '../../core/words.ts'
import * as contract from '../contract/session.ts'
import { type Serving, serve } from '../serve.ts'
import { type SignedIn, signedInOf } from '../staff/guard.ts'
import { clearSession, setSession } from './cookie.ts'
import { isOtherPage } from './origin.ts'

const WRONG_PASSWORD = { problem: 'wrong-password' } as const
const WRONG_CODE = { problem: 'wrong-code' } as const
const NO_SESSION = { problem: 'no-such', what: 'session' } as const

export function serveSession(on: Serving, ports: Ports): void {
  serve(on, contract.signIn, async ({ body: { as, ...given }, request, reply }) => {
    if (isOtherPage(request, ports.publicUrl)) return { problem: 'cross-site' }
    const signedIn = await signIn(ports, given, request.ip)
    if (signedIn === 'wrong') return { problem: 'wrong-login' }
    const { session, token } = signedIn
    if (as === 'bearer') return { ...present(session), token }
    setSession(reply, ports.publicUrl, token, session.endsAt)
    return present(session)
  })

  serve(on, contract.whoAmI, async ({ request }) => {
    const { officer, session } = signedInOf(request)
    return session === undefined ? presentToken(officer) : present(session)
  })

  serve(on, contract.signOut, async ({ officer, request, reply }) => {
    const { session } = signedInOf(request)
    if (session === undefined) return NO_SESSION
    await endSession(ports, session, request.ip)
    clearSession(reply, ports.publicUrl)
    return { id: officer.id }
  })

  serve(on, contract.giveCode, async ({ body, request }) => {
    const known = signedInOf(request)
    if (known.session === undefined) return NO_SESSION
    if (!(await giveCode(ports, known.session, body.code, request.ip))) return WRONG_CODE
    return again(ports, known)
  })

  serve(on, contract.unlockSession, async ({ body, request }) => {
    const known = signedInOf(request)
    if (known.session === undefined) return NO_SESSION
    if (!(await unlockSession(ports, known.session, body.password, request.ip))) return WRONG_PASSWORD
    return again(ports, known)
  })

  serve(on, contract.changePassword, async ({ body, request }) => {
    const known = signedInOf(request)
    if (known.session === undefined) return NO_SESSION
    const refused = await changePassword(ports, known.session, { ...body, source: request.ip })
    if (refused === 'wrong') return WRONG_PASSWORD
    if (refused === undefined) return again(ports, known)
    return { problem: refused.weak, ...('least' in refused && { values: { least: refused.least } }) }
  })

  serve(on, contract.enrol, async ({ body, request }) => {
    const { session } = signedInOf(request)
    if (session === undefined) return NO_SESSION
    const begun = await enrol(ports, session, { ...body, source: request.ip })
    return begun === 'wrong' ? WRONG_PASSWORD : begun
  })

  serve(on, contract.confirmEnrolment, async ({ body, request }) => {
    const known = signedInOf(request)
    if (known.session === undefined) return NO_SESSION
    if (!(await confirmEnrolment(ports, known.session, { ...body, source: request.ip }))) return WRONG_CODE
    return again(ports, known)
  })
}

type Who = z.output<typeof contract.WhoAmI>

/** As it is after what was just done. */
async function again(ports: Ports, { token }: SignedIn): Promise<Who> {
  return present((await knownSession(ports, token))!)
}

function present({ user, officer, state, endsAt, idleMinutes }: Session): Who {
  const { login, name, totpSecret } = user
  const own = { login, name, state, secondFactor: totpSecret !== null, endsAt: endsAt.toISOString(), idleMinutes }
  return { ...whatIs(officer), ...own }
}

const presentToken = (officer: Officer): Who => ({
  ...whatIs(officer),
  ...{ login: null, name: null, state: 'open', secondFactor: false, endsAt: null, idleMinutes: null },
})

const whatIs = (officer: Officer) => ({
  id: officer.id,
  roles: [...officer.roles],
  agencies: officer.agencies === 'all' ? officer.agencies : [...officer.agencies],
  may: ACTIONS.filter((action) => may(officer, action)),
})
