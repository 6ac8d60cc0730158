import type { Ports } from '../../core/act.ts'
import { listCases, listSubmissions, viewCase } from '../../core/cases/list.ts'
import type { Officer } from '../../core/people/officer.ts'
import * as contract from '../contract/staff.ts'
import { presentReadings } from '../present/readings.ts'
import { presentCase, presentDelivery } from '../present/rows.ts'
import { type Serving, serve } from '../serve.ts'

export function serveCases(on: Serving, ports: Ports): void {
  serve(on, contract.listCases, async ({ officer, query }) => {
    const { items, after } = await listCases(ports, officer, query)
    return { items: items.map(presentCase), after }
  })

  serve(
    on,
    contract.showCase,
    async ({ officer, params }) => (await present(ports, officer, params.id)) ?? { problem: 'no-such', what: 'case' },
  )

  serve(on, contract.listSubmissions, async ({ officer, query }) => {
    const { items, after } = await listSubmissions(ports, officer, query)
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

async function present(ports: Ports, officer: Officer, id: string) {
  const view = await viewCase(ports, officer, id)
  if (view === undefined) return undefined
  const iso = (at: Date | null) => at?.toISOString() ?? null
  return {
    ...presentCase(view.seen),
    reports: view.reports.map((r) => ({
      ...r,
      receivedAt: r.receivedAt.toISOString(),
      answeredAt: iso(r.answeredAt),
      contacts: r.contacts.map(({ kind, verifiedAt }) => ({ kind, verifiedAt: iso(verifiedAt) })),
      readings: presentReadings(r),
    })),
    assignments: view.assignments.map((s) => ({
      ...s,
      assignedAt: s.assignedAt.toISOString(),
      dueAt: iso(s.dueAt),
      handledAt: iso(s.handledAt),
    })),
    deliveries: view.deliveries.map(presentDelivery),
    notices: view.notices.map((n) => ({ ...n, createdAt: n.createdAt.toISOString(), sentAt: iso(n.sentAt) })),
    words: view.words.map((word) => ({ ...word, at: word.at.toISOString() })),
    deadlines: view.deadlines.map((d) => ({
      ...d,
      startedAt: d.startedAt.toISOString(),
      dueAt: d.dueAt.toISOString(),
      missedAt: iso(d.missedAt),
      endedAt: iso(d.endedAt),
      uncertain: d.uncertain.length > 0,
    })),
    consents: view.consents.map((c) => ({ ...c, askedAt: c.askedAt.toISOString(), answeredAt: iso(c.answeredAt) })),
    ratings: view.ratings.map((rating) => ({ ...rating, at: rating.at.toISOString() })),
    history: view.history.map((h) => ({
      ...h,
      at: h.at.toISOString(),
      body: (JSON.parse(h.body) as { body: Record<string, unknown> }).body,
    })),
  }
}
