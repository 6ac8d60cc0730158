import { answerConsent as answer } from '../../core/cases/moves/consent.ts'
import { rateReport as rate } from '../../core/cases/moves/rate.ts'
import type { Refused } from '../../core/cases/refused.ts'
import { verifyByCode } from '../../core/contacts/verify.ts'
import { type Opening, openReport, openView } from '../../core/notices/view.ts'
import { languageOf } from '../../platform/locales/locales.ts'
import { answerConsent, rateReport, verifyContact } from '../contract/reports.ts'
import { type Call, type Serving, serve } from '../serve.ts'
import { openingOf } from './client.ts'
import { presentView } from './follow.ts'
import type { Intake } from './intake.ts'
import { refuseSlowly } from './refuse-slowly.ts'

type Opened = Pick<Call<typeof rateReport>, 'params' | 'query' | 'request' | 'reply'>

/** What reporters say about their report in its view: opened as the view is, and answered with it. */
export function serveSaying(on: Serving, intake: Intake): void {
  const { ports, translate } = intake
  const say = async (call: Opened, saying: (reportId: string, opening: Opening) => Promise<Refused | undefined>) => {
    const { request, reply } = call
    reply.header('cache-control', 'no-store')
    const started = performance.now()
    const opening = await openingOf(intake, call)
    if ('problem' in opening) return opening
    const reportId = await openReport(ports, opening)
    if (reportId === undefined) return refuseSlowly(started)
    const refused = await saying(reportId, opening)
    if (refused !== undefined) return refused
    return presentView((await openView(ports, opening))!, languageOf(request.headers['accept-language']), translate)
  }
  serve(on, rateReport, (call) => say(call, (reportId) => rate(ports, reportId, call.body)))
  serve(on, verifyContact, (call) => say(call, (reportId) => verifyByCode(ports, reportId, call.body)))
  serve(on, answerConsent, (call) =>
    say(call, (reportId, { client }) => {
      const proof = client === undefined ? 'view' : `app:${client.sourceId}`
      return answer(ports, 'citizen', { reportId, consentId: call.params.id, yes: call.body.yes, proof })
    }),
  )
}
