import type { Ports } from '../../core/act.ts'
import { caseOfAssignment, viewCase } from '../../core/cases/list.ts'
import { answerDirectly, replyToReporters } from '../../core/cases/moves/answer.ts'
import { askReporters } from '../../core/cases/moves/ask.ts'
import { assignCase } from '../../core/cases/moves/assign.ts'
import { askForIdentity, consentHeard } from '../../core/cases/moves/consent.ts'
import { correctCase } from '../../core/cases/moves/correct.ts'
import { disclose } from '../../core/cases/moves/disclose.ts'
import { escalateCase } from '../../core/cases/moves/escalate.ts'
import { hideCase, showCaseAgain } from '../../core/cases/moves/hide.ts'
import { giveInterim } from '../../core/cases/moves/interim.ts'
import { noteCase } from '../../core/cases/moves/note.ts'
import { askCoordinator, forwardAssignment, returnAssignment } from '../../core/cases/moves/pass-on.ts'
import { refuseCase } from '../../core/cases/moves/refuse.ts'
import { releaseHeld } from '../../core/cases/moves/release-held.ts'
import { closeCase, reopenCase } from '../../core/cases/moves/reopen.ts'
import { tellApart } from '../../core/cases/moves/tell-apart.ts'
import { acceptAssignment, approveResult, reachStep, sendBack, submitResult } from '../../core/cases/moves/work.ts'
import { isRefused, type Refused } from '../../core/cases/refused.ts'
import { verifyByCall } from '../../core/contacts/verify.ts'
import { deliveryNow } from '../../core/delivery/list.ts'
import { passedByTelephone } from '../../core/delivery/otherwise.ts'
import type { Officer } from '../../core/people/officer.ts'
import * as contract from '../contract/operations.ts'
import { presentCase, presentDelivery } from '../present/rows.ts'
import { type Serving, serve } from '../serve.ts'

/** What officers do with cases and with their agency's share; each answers with the case as it is then. */
export function serveOperations(on: Serving, ports: Ports): void {
  const thenCase = async (officer: Officer, caseId: string, done: Promise<Refused | undefined>) =>
    (await done) ?? presentCase((await viewCase(ports, officer, caseId))!.seen)
  const thenItsCase = async (officer: Officer, assignmentId: string, done: Promise<Refused | undefined>) =>
    (await done) ?? presentCase((await viewCase(ports, officer, await caseOfAssignment(ports, assignmentId)))!.seen)

  serve(on, contract.assignCase, ({ officer, params, body }) =>
    thenCase(officer, params.id, assignCase(ports, officer, { caseId: params.id, ...body })),
  )
  serve(on, contract.askReporters, ({ officer, params, body }) =>
    thenCase(officer, params.id, askReporters(ports, officer, { caseId: params.id, ...body })),
  )
  serve(on, contract.refuseCase, ({ officer, params, body }) =>
    thenCase(officer, params.id, refuseCase(ports, officer, { caseId: params.id, ...body })),
  )
  serve(on, contract.hideCase, ({ officer, params, body }) =>
    thenCase(officer, params.id, hideCase(ports, officer, { caseId: params.id, ...body })),
  )
  serve(on, contract.showCaseAgain, ({ officer, params, body }) =>
    thenCase(officer, params.id, showCaseAgain(ports, officer, { caseId: params.id, ...body })),
  )
  serve(on, contract.answerDirectly, ({ officer, params, body }) =>
    thenCase(officer, params.id, answerDirectly(ports, officer, { caseId: params.id, ...body })),
  )
  serve(on, contract.replyToReporters, ({ officer, params, body }) =>
    thenCase(officer, params.id, replyToReporters(ports, officer, { caseId: params.id, ...body })),
  )
  serve(on, contract.reopenCase, ({ officer, params, body }) =>
    thenCase(officer, params.id, reopenCase(ports, officer, { caseId: params.id, ...body })),
  )
  serve(on, contract.closeCase, ({ officer, params, body }) =>
    thenCase(officer, params.id, closeCase(ports, officer, { caseId: params.id, ...body })),
  )
  serve(on, contract.escalateCase, ({ officer, params, body }) =>
    thenCase(officer, params.id, escalateCase(ports, officer, { caseId: params.id, ...body })),
  )
  serve(on, contract.noteCase, ({ officer, params, body }) =>
    thenCase(officer, params.id, noteCase(ports, officer, { caseId: params.id, ...body })),
  )
  serve(on, contract.correctCase, ({ officer, params, body }) =>
    thenCase(officer, params.id, correctCase(ports, officer, { caseId: params.id, ...body })),
  )
  serve(on, contract.tellApart, ({ officer, params, body }) =>
    thenCase(officer, params.id, tellApart(ports, officer, { caseId: params.id, ...body })),
  )
  serve(on, contract.acceptAssignment, ({ officer, params, body }) =>
    thenItsCase(officer, params.id, acceptAssignment(ports, officer, { assignmentId: params.id, ...body })),
  )
  serve(on, contract.giveInterim, ({ officer, params, body }) =>
    thenItsCase(officer, params.id, giveInterim(ports, officer, { assignmentId: params.id, ...body })),
  )
  serve(on, contract.submitResult, ({ officer, params, body: { handledAt, ...body } }) =>
    thenItsCase(
      officer,
      params.id,
      submitResult(ports, officer, {
        ...{ assignmentId: params.id, ...body },
        ...(handledAt !== undefined && { handledAt: new Date(handledAt) }),
      }),
    ),
  )
  serve(on, contract.approveResult, ({ officer, params, body }) =>
    thenItsCase(officer, params.id, approveResult(ports, officer, { assignmentId: params.id, ...body })),
  )
  serve(on, contract.sendBack, ({ officer, params, body }) =>
    thenItsCase(officer, params.id, sendBack(ports, officer, { assignmentId: params.id, ...body })),
  )
  serve(on, contract.returnAssignment, ({ officer, params, body }) =>
    thenItsCase(officer, params.id, returnAssignment(ports, officer, { assignmentId: params.id, ...body })),
  )
  serve(on, contract.forwardAssignment, ({ officer, params, body }) =>
    thenItsCase(officer, params.id, forwardAssignment(ports, officer, { assignmentId: params.id, ...body })),
  )
  serve(on, contract.askCoordinator, ({ officer, params, body }) =>
    thenItsCase(officer, params.id, askCoordinator(ports, officer, { assignmentId: params.id, ...body })),
  )
  serve(on, contract.reachStep, ({ officer, params, body }) =>
    thenItsCase(officer, params.id, reachStep(ports, officer, { assignmentId: params.id, ...body })),
  )
  serve(on, contract.releaseHeld, ({ officer, body }) => releaseHeld(ports, officer, body))
  serve(on, contract.askForIdentity, ({ officer, params, body }) =>
    thenItsCase(officer, params.id, askForIdentity(ports, officer, { assignmentId: params.id, ...body })),
  )
  serve(on, contract.answerConsentByCall, async ({ officer, params, body }) => {
    return (await consentHeard(ports, officer, { consentId: params.id, yes: body.yes })) ?? { id: params.id }
  })
  serve(
    on,
    contract.verifyReporter,
    async ({ officer, params, body }) =>
      (await verifyByCall(ports, officer, { reportId: params.id, kind: body.kind })) ?? { id: params.id },
  )
  serve(on, contract.disclose, async ({ officer, params, body }) => {
    const done = await disclose(ports, officer, { reportId: params.id, ...body })
    if (isRefused(done)) return done
    return { name: done.name ?? null, phone: done.phone ?? null, email: done.email ?? null }
  })
  serve(on, contract.passedByTelephone, async ({ officer, params, body }) => {
    const refused = await passedByTelephone(ports, officer, { deliveryId: params.id, ...body })
    return refused ?? presentDelivery(await deliveryNow(ports, params.id))
  })
}
