import { setTimeout as pause } from 'node:timers/promises'
import { openView, type View } from '../../core/notices/view.ts'
import { type Language, languageOf, type Translate } from '../../platform/locales/locales.ts'
import { followReport } from '../contract/reports.ts'
import { type Serving, serve } from '../serve.ts'
import type { Intake } from './reports.ts'

/** What is not opened takes this long whatever the reason: longer than the slowest way of finding out. */
const REFUSAL_MS = 400

export function serveFollow(on: Serving, { ports, translate }: Intake): void {
  serve(on, followReport, async ({ params, query, request, reply }) => {
    reply.header('cache-control', 'no-store')
    const started = performance.now()
    const view = await openView(ports, { code: params.code, lastFour: query.phone?.trim(), key: query.key })
    if (view !== undefined) return present(view, languageOf(request.headers['accept-language']), translate)
    await pause(Math.max(0, REFUSAL_MS - (performance.now() - started)))
    return { problem: 'not-found' }
  })
}

function present({ code, receivedAt, status, title, notices }: View, language: Language, translate: Translate) {
  return {
    code,
    receivedAt: receivedAt.toISOString(),
    status,
    statusText: translate(language, `case:status.${status}`),
    title,
    notices: notices.map((notice) => ({
      event: notice.event,
      at: (notice.sentAt ?? notice.createdAt).toISOString(),
      text: translate(language, `notice:${notice.event}`, dated(notice.values, language)),
    })),
  }
}

/** Days are kept as YYYY-MM-DD and written as people write them. */
function dated(values: Readonly<Record<string, string>>, language: Language): Record<string, string> {
  const format = new Intl.DateTimeFormat(language === 'vi' ? 'vi-VN' : 'en-GB', {
    timeZone: 'UTC',
    day: '2-digit',
    month: '2-digit',
    year: 'numeric',
  })
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      /^\d{4}-\d{2}-\d{2}$/.test(value) ? format.format(new Date(`${value}T00:00:00Z`)) : value,
    ]),
  )
}
