import { sentenceOf } from '../../core/notices/text.ts'
import { openView, type View } from '../../core/notices/view.ts'
import { type Language, languageOf, type Translate } from '../../platform/locales/locales.ts'
import { followReport } from '../contract/reports.ts'
import { type Serving, serve } from '../serve.ts'
import { refuseSlowly } from './refuse-slowly.ts'
import type { Intake } from './reports.ts'

export function serveFollow(on: Serving, { ports, translate }: Intake): void {
  serve(on, followReport, async ({ params, query, request, reply }) => {
    reply.header('cache-control', 'no-store')
    const started = performance.now()
    const view = await openView(ports, { code: params.code, lastFour: query.phone?.trim(), key: query.key })
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
