import { act, type Ports } from '../../core/act.ts'
import { pauseLink, resumeLink } from '../../core/delivery/outcome.ts'
import { demand } from '../../core/people/may.ts'
import { findLink, listAgencies, listLinks } from '../../core/settings/list.ts'
import * as contract from '../contract/settings.ts'
import { presentLink } from '../present/rows.ts'
import { type Serving, serve } from '../serve.ts'

const noSuch = { problem: 'no-such', what: 'link' } as const

export function serveSettings(on: Serving, ports: Ports): void {
  serve(on, contract.listAgencies, async ({ officer }) => ({ items: await listAgencies(ports, officer) }))
  serve(on, contract.listLinks, async ({ officer }) => ({ items: (await listLinks(ports, officer)).map(presentLink) }))

  serve(on, contract.pauseLink, async ({ officer, params: { id }, body }) => {
    demand(officer, 'settings.write')
    if ((await findLink(ports, id)) === undefined) return noSuch
    await act(ports, officer, (a) => pauseLink(a, id, body.why))
    return presentLink((await findLink(ports, id))!)
  })

  serve(on, contract.resumeLink, async ({ officer, params: { id } }) => {
    demand(officer, 'settings.write')
    if ((await findLink(ports, id)) === undefined) return noSuch
    await act(ports, officer, (a) => resumeLink(a, id))
    ports.wakeups.kick(1)
    return presentLink((await findLink(ports, id))!)
  })
}
