import { act, type Ports } from '../../core/act.ts'
import { pauseLink, resumeLink } from '../../core/delivery/outcome.ts'
import { findLink, listAgencies, listLinks, listSources } from '../../core/settings/list.ts'
import * as contract from '../contract/staff.ts'
import { presentLink } from '../present/rows.ts'
import { type Serving, serve } from '../serve.ts'
import { actorOf } from './guard.ts'

const noSuch = { problem: 'no-such', what: 'link' } as const

export function serveSettings(on: Serving, ports: Ports): void {
  serve(on, contract.listSources, async () => ({ items: await listSources(ports) }))
  serve(on, contract.listAgencies, async () => ({ items: await listAgencies(ports) }))
  serve(on, contract.listLinks, async () => ({ items: (await listLinks(ports)).map(presentLink) }))

  serve(on, contract.pauseLink, async ({ params: { id }, body, request }) => {
    if ((await findLink(ports, id)) === undefined) return noSuch
    await act(ports, { actor: actorOf(request) }, (a) => pauseLink(a, id, body.why))
    return presentLink((await findLink(ports, id))!)
  })

  serve(on, contract.resumeLink, async ({ params: { id }, request }) => {
    if ((await findLink(ports, id)) === undefined) return noSuch
    await act(ports, { actor: actorOf(request) }, (a) => resumeLink(a, id))
    ports.wakeups.kick(1)
    return presentLink((await findLink(ports, id))!)
  })
}
