import type { Ports } from '../../core/act.ts'
import { listDeliveries, listUpdates } from '../../core/delivery/list.ts'
import { giveUpDelivery, replayDelivery } from '../../core/delivery/replay.ts'
import { tracesOf } from '../../core/delivery/trace.ts'
import type { Fault } from '../../core/fault.ts'
import { listDeadTasks, replayTask } from '../../core/tasks/dead.ts'
import * as contract from '../contract/staff.ts'
import { presentDelivery } from '../present/rows.ts'
import { type Serving, serve } from '../serve.ts'
import { actorOf } from './guard.ts'

const noSuch = { problem: 'no-such', what: 'delivery' } as const

export function serveDeliveries(on: Serving, ports: Ports): void {
  const one = async (id: string) => (await listDeliveries(ports, { id, limit: 1 })).items[0]
  const changed = async (id: string, refused: Fault | 'missing' | undefined) => {
    if (refused === 'missing') return noSuch
    return refused ?? presentDelivery((await one(id))!)
  }

  serve(on, contract.listDeliveries, async ({ query }) => {
    const { items, after } = await listDeliveries(ports, query)
    return { items: items.map(presentDelivery), after }
  })

  serve(on, contract.showDelivery, async ({ params }) => {
    const found = await one(params.id)
    if (found === undefined) return noSuch
    const exchanges = await tracesOf(ports, params.id)
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

  serve(on, contract.replayDelivery, async ({ params, request }) =>
    changed(params.id, await replayDelivery(ports, actorOf(request), params.id)),
  )

  serve(on, contract.giveUpDelivery, async ({ params, body, request }) =>
    changed(params.id, await giveUpDelivery(ports, actorOf(request), { id: params.id, why: body.why })),
  )

  serve(on, contract.listUpdates, async ({ query }) => {
    const { items, after } = await listUpdates(ports, query)
    return {
      items: items.map((u) => ({ ...u, at: u.at.toISOString(), receivedAt: u.receivedAt.toISOString() })),
      after,
    }
  })

  serve(on, contract.listDeadTasks, async ({ query }) => {
    const { items, after } = await listDeadTasks(ports, query)
    return { items: items.map((t) => ({ ...t, due: t.due.toISOString() })), after }
  })

  serve(on, contract.replayTask, async ({ params }) =>
    (await replayTask(ports, params.id)) ? { id: params.id } : { problem: 'no-such', what: 'task' },
  )
}
