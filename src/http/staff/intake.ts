import type { Ports } from '../../core/act.ts'
import { isFault } from '../../core/fault.ts'
import { listSources } from '../../core/intake/list-sources.ts'
import { previewSource } from '../../core/intake/preview.ts'
import { listNotTaken, takeInAgain } from '../../core/intake/quarantine.ts'
import { listNotices } from '../../core/notices/list.ts'
import { languageOf, type Translate } from '../../platform/locales/locales.ts'
import * as contract from '../contract/intake.ts'
import { iso } from '../present/rows.ts'
import { type Serving, serve } from '../serve.ts'

export function serveIntake(on: Serving, ports: Ports, translate: Translate): void {
  serve(on, contract.listSources, async ({ officer }) => ({
    items: (await listSources(ports, officer)).map((source) => ({
      ...source,
      caughtUpAt: iso(source.caughtUpAt),
      lastReceivedAt: iso(source.lastReceivedAt),
      lastFaultAt: iso(source.lastFaultAt),
      lastBadSignatureAt: iso(source.lastBadSignatureAt),
      lastRefusalAt: iso(source.lastRefusalAt),
      reconciledAt: iso(source.reconciledAt),
    })),
  }))

  serve(on, contract.previewSource, async ({ officer, params, query }) => {
    const previewed = await previewSource(ports, officer, params.id, query.newest)
    if (previewed === 'missing') return { problem: 'no-such', what: 'source' }
    if (isFault(previewed)) return previewed
    const { since, places, waiting, newest } = previewed
    return {
      since,
      places: [...places],
      waiting: [...waiting],
      newest: newest.map((one) => ({ ...one, receivedAt: one.receivedAt.toISOString() })),
    }
  })

  serve(on, contract.listQuarantine, async ({ officer, query, request }) => {
    const language = languageOf(request.headers['accept-language'])
    const { items, after } = await listNotTaken(ports, officer, query)
    return {
      items: items.map(({ receivedAt, state, reason, ...row }) => ({
        ...row,
        state,
        receivedAt: receivedAt.toISOString(),
        reason,
        reasonText: state === 'set-aside' ? translate(language, `aside:${reason}`) : reason,
      })),
      after,
    }
  })

  serve(on, contract.takeIn, async ({ officer, params }) => {
    const refused = await takeInAgain(ports, officer, params.id)
    if (refused === 'missing') return { problem: 'no-such', what: 'envelope' }
    return refused ?? { id: params.id }
  })

  serve(on, contract.listNotices, async ({ officer, query }) => {
    const { items, after } = await listNotices(ports, officer, query)
    return {
      items: items.map((row) => ({ ...row, createdAt: row.createdAt.toISOString(), sentAt: iso(row.sentAt) })),
      after,
    }
  })
}
