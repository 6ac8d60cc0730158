import { userReports } from '../../core/clients/user-reports.ts'
import { languageOf } from '../../platform/locales/locales.ts'
import { appOf, NOT_KNOWN } from '../citizen/client.ts'
import type { Intake } from '../citizen/intake.ts'
import { listOwnReports } from '../contract/apps.ts'
import { type Serving, serve } from '../serve.ts'

export function serveOwnReports(on: Serving, intake: Intake): void {
  serve(on, listOwnReports, async ({ query, request, reply }) => {
    reply.header('cache-control', 'no-store')
    const app = await appOf(intake, request, reply)
    // RFC 6750 §3: how to ask.
    if (app === undefined) reply.header('www-authenticate', 'Bearer')
    if (app === undefined || 'problem' in app) return NOT_KNOWN
    const language = languageOf(request.headers['accept-language'])
    const { items, after } = await userReports(intake.ports, { ...query, sourceId: app.id })
    return {
      items: items.map(({ code, receivedAt, status, title }) => ({
        ...{ code, status, title, receivedAt: receivedAt.toISOString() },
        statusText: intake.translate(language, `case:status.${status}`),
      })),
      after,
    }
  })
}
