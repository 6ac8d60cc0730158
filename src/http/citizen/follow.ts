import { sentenceOf } from '../../core/notices/text.ts'
import { openView, type View } from '../../core/notices/view.ts'
import { type Language, languageOf, type Translate } from '../../platform/locales/locales.ts'
import { followReport } from '../contract/reports.ts'
import { type Serving, serve } from '../serve.ts'
import { openingOf } from './client.ts'
import type { Intake } from './intake.ts'
import { refuseSlowly } from './refuse-slowly.ts'

export function serveFollow(on: Serving, intake: Intake): void {
  const { ports, translate } = intake
  serve(on, followReport, async (call) => {
    const { request, reply } = call
    reply.header('cache-control', 'no-store')
    const started = performance.now()
    const opening = await openingOf(intake, call)
    if ('problem' in opening) return opening
    const view = await openView(ports, opening)
    if (view !== undefined) return presentView(view, languageOf(request.headers['accept-language']), translate)
    return refuseSlowly(started)
  })
}

export function presentView(
  { code, receivedAt, status, title, rating, consents, notices }: View,
  language: Language,
  translate: Translate,
) {
  return {
    code,
    receivedAt: receivedAt.toISOString(),
    status,
    statusText: translate(language, `case:status.${status}`),
    title,
    rating: rating && { ...rating, scale: rating.scale.map(({ id, name }) => ({ id, name: name[language] })) },
    consents: [...consents],
    notices: notices.map((notice) => ({
      event: notice.event,
      at: (notice.sentAt ?? notice.createdAt).toISOString(),
      text: sentenceOf(translate, language, notice),
      files: [...notice.files],
    })),
  }
}
