import type { Ports } from '../../core/act.ts'
import { assignByHand } from '../../core/cases/assign-by-hand.ts'
import { listCases, listSubmissions, viewCase } from '../../core/cases/list.ts'
import * as contract from '../contract/staff.ts'
import { presentCase, presentDelivery } from '../present/rows.ts'
import { type Serving, serve } from '../serve.ts'
import { actorOf } from './guard.ts'

export function serveCases(on: Serving, ports: Ports): void {
  serve(on, contract.listCases, async ({ query }) => {
    const { items, after } = await listCases(ports, query)
    return { items: items.map(presentCase), after }
  })

  serve(
    on,
    contract.showCase,
    async ({ params }) => (await present(ports, params.id)) ?? { problem: 'no-such', what: 'case' },
  )

  serve(on, contract.assignCase, async ({ params, body, request }) => {
    const refused = await assignByHand(ports, actorOf(request), { caseId: params.id, ...body })
    if (refused === undefined) return presentCase((await viewCase(ports, params.id))!.seen)
    if ('stale' in refused) return { problem: 'stale' }
    return 'missing' in refused ? { problem: 'no-such', what: refused.missing } : refused
  })

  serve(on, contract.listSubmissions, async ({ query }) => {
    const { items, after } = await listSubmissions(ports, query)
    return {
      items: items.map(({ erasedAt, receivedAt, ...row }) => ({
        ...row,
        receivedAt: receivedAt.toISOString(),
        erased: erasedAt !== null,
      })),
      after,
    }
  })
}

async function present(ports: Ports, id: string) {
  const view = await viewCase(ports, id)
  if (view === undefined) return undefined
  const iso = (at: Date | null) => at?.toISOString() ?? null
  return {
    ...presentCase(view.seen),
    reports: view.reports.map((r) => ({ ...r, receivedAt: r.receivedAt.toISOString() })),
    assignments: view.assignments.map((s) => ({ ...s, assignedAt: s.assignedAt.toISOString(), dueAt: iso(s.dueAt) })),
    deliveries: view.deliveries.map(presentDelivery),
    notices: view.notices.map((n) => ({ ...n, sentAt: iso(n.sentAt) })),
    history: view.history.map((h) => ({
      ...h,
      at: h.at.toISOString(),
      body: (JSON.parse(h.body) as { body: Record<string, unknown> }).body,
    })),
  }
}
