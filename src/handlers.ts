import type { Ports } from './core/act.ts'
import { logged } from './core/calls/logged.ts'
import { sendStatus } from './core/clients/send-status.ts'
import { giveMark } from './core/deadlines/marks.ts'
import { recomputeTask } from './core/deadlines/recompute.ts'
import { tickTask } from './core/deadlines/tick.ts'
import { deliver } from './core/delivery/deliver.ts'
import { poll } from './core/delivery/poll.ts'
import { ringTask } from './core/duty/ring.ts'
import { anchorTask } from './core/history/anchor.ts'
import { receiptTask } from './core/intake/receipt.ts'
import { reconcileTask } from './core/intake/reconcile.ts'
import { sweepTask } from './core/intake/sweep.ts'
import { match } from './core/matching/match.ts'
import { sendNotice } from './core/notices/send.ts'
import { wishTask } from './core/notices/wish.ts'
import { fetchLater } from './core/reading/fetch-files.ts'
import { read } from './core/reading/read.ts'
import { revise } from './core/reading/revise.ts'
import { route } from './core/routing/route.ts'
import type { Handler } from './platform/tasks/worker.ts'

/** THE list of what tasks there are, and who does them. */
export function handlersOf(ports: Ports, dataDir: string): Readonly<Record<string, Handler>> {
  return {
    read: (task) => read(ports, task),
    fetch: (task) => fetchLater(ports, task),
    revise: (task) => revise(ports, task),
    logged: (task) => logged(ports, task),
    match: (task) => match(ports, task),
    route: (task) => route(ports, task),
    deliver: (task) => deliver(ports, task),
    poll: (task) => poll(ports, task),
    wish: (task) => wishTask(ports, task),
    reconcile: (task) => reconcileTask(ports, task),
    receipt: (task) => receiptTask(ports, task),
    notice: (task) => sendNotice(ports, task),
    status: (task) => sendStatus(ports, task),
    ring: (task) => ringTask(ports, task),
    anchor: (task) => anchorTask(ports, dataDir, task),
    sweep: (task) => sweepTask(ports, task),
    tick: (task) => tickTask(ports, giveMark, task),
    recompute: (task) => recomputeTask(ports, task),
  }
}
