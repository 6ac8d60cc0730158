import type { Ports } from '../../core/act.ts'
import { listOfficerNotices, readOfficerNotice } from '../../core/duty/inbox.ts'
import { openRings, setRoster, takeRing } from '../../core/duty/ring.ts'
import * as contract from '../contract/duty.ts'
import { iso } from '../present/rows.ts'
import { type Serving, serve } from '../serve.ts'

export function serveDuty(on: Serving, ports: Ports): void {
  serve(on, contract.listOfficerNotices, async ({ officer, query }) => {
    const { items, after } = await listOfficerNotices(ports, officer, query)
    return {
      items: items.map((n) => ({ ...n, createdAt: n.createdAt.toISOString(), readAt: iso(n.readAt) })),
      after,
    }
  })
  serve(
    on,
    contract.readOfficerNotice,
    async ({ officer, params }) => (await readOfficerNotice(ports, officer, params.id)) ?? { id: params.id },
  )
  serve(on, contract.listRings, async () => ({
    items: (await openRings(ports)).map((ring) => ({ ...ring, startedAt: ring.startedAt.toISOString() })),
  }))
  serve(
    on,
    contract.takeRing,
    async ({ officer, params }) => (await takeRing(ports, officer, params.id)) ?? { id: params.id },
  )
  serve(on, contract.setRoster, async ({ officer, params, body }) => {
    const roster = { profile: params.profile, userIds: body.userIds }
    return (await setRoster(ports, officer, roster)) ?? roster
  })
}
