import { asc, eq } from 'drizzle-orm'
import { act, type Ports } from '../../core/act.ts'
import { pauseLink, resumeLink } from '../../core/delivery/outcome.ts'
import { agencies, links, sources } from '../../core/tables/index.ts'
import * as contract from '../contract/staff.ts'
import { presentLink } from '../present/rows.ts'
import { type Serving, serve } from '../serve.ts'
import { actorOf } from './guard.ts'

const noSuch = { problem: 'no-such', what: 'link' } as const

export function serveSettings(on: Serving, ports: Ports): void {
  const { db } = ports
  const one = async (id: string) => (await db.select().from(links).where(eq(links.id, id)))[0]

  serve(on, contract.listSources, async () => ({ items: await db.select().from(sources).orderBy(asc(sources.id)) }))
  serve(on, contract.listAgencies, async () => ({ items: await db.select().from(agencies).orderBy(asc(agencies.id)) }))
  serve(on, contract.listLinks, async () => ({
    items: (await db.select().from(links).orderBy(asc(links.id))).map(presentLink),
  }))

  serve(on, contract.pauseLinkRoute, async ({ params: { id }, body, request }) => {
    if ((await one(id)) === undefined) return noSuch
    await act(ports, { actor: actorOf(request) }, (a) => pauseLink(a, id, body.why))
    return presentLink((await one(id))!)
  })

  serve(on, contract.resumeLinkRoute, async ({ params: { id }, request }) => {
    if ((await one(id)) === undefined) return noSuch
    await act(ports, { actor: actorOf(request) }, (a) => resumeLink(a, id))
    ports.wakeups.kick(1)
    return presentLink((await one(id))!)
  })
}
