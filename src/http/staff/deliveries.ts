import type { Ports } from '../../core/act.ts'
import { listDeliveries, listUpdates } from '../../core/delivery/list.ts'
import { giveUpDelivery, replayDelivery } from '../../core/delivery/replay.ts'
import { tracesOf } from '../../core/delivery/trace.ts'
import type { Fault } from '../../core/fault.ts'
import type { Officer } from '../../core/people/officer.ts'
import { listDeadTasks, replayTask } from '../../core/tasks/dead.ts'
import * as contract from '../contract/staff.ts'
import { presentDelivery } from '../present/rows.ts'
import { type Serving, serve } from '../serve.ts'

const noSuch = { problem: 'no-such', what: 'delivery' } as const

export function serveDeliveries(on: Serving, ports: Ports): void {
  const one = async (officer: Officer, id: string) => (await listDeliveries(ports, officer, { id, limit: 1 })).items[0]
  const changed = async (officer: Officer, id: string, refused: Fault | 'missing' | undefined) => {
    if (refused === 'missing') return noSuch
    return refused ?? presentDelivery((await one(officer, id))!)
  }

  serve(on, contract.listDeliveries, async ({ officer, query }) => {
    const { items, after } = await listDeliveries(ports, officer, query)
    return { items: items.map(presentDelivery), after }
  })

  serve(on, contract.showDelivery, async ({ officer, params }) => {
    const found = await one(officer, params.id)
    if (found === undefined) return noSuch
    const exchanges = await tracesOf(ports, officer, params.id)
    return {
      ...presentDelivery(found),
      exchanges: exchanges.map(({ at, exchange: { request, response, durationMs, error } }) => ({
        at: at.toISOString(),
        request,
        response: response ?? null,
        durationMs,
        error: error ?? null,
      })),
    }
  })

  serve(on, contract.replayDelivery, async ({ officer, params }) =>
    changed(officer, params.id, await replayDelivery(ports, officer, params.id)),
  )

  serve(on, contract.giveUpDelivery, async ({ officer, params, body }) =>
    changed(officer, params.id, await giveUpDelivery(ports, officer, { id: params.id, why: body.why })),
  )

  serve(on, contract.listUpdates, async ({ officer, query }) => {
    const { items, after } = await listUpdates(ports, officer, query)
    return {
      items: items.map((u) => ({ ...u, at: u.at.toISOString(), receivedAt: u.receivedAt.toISOString() })),
      after,
    }
  })

  serve(on, contract.listDeadTasks, async ({ officer, query }) => {
    const { items, after } = await listDeadTasks(ports, officer, query)
    return { items: items.map((t) => ({ ...t, due: t.due.toISOString() })), after }
  })

  serve(on, contract.replayTask, async ({ officer, params }) =>
    (await replayTask(ports, officer, params.id)) ? { id: params.id } : { problem: 'no-such', what: 'task' },
  )
}
