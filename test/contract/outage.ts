import { describe, expect, it } from 'vitest'
import { act } from '../../src/core/act.ts'
import { listSources } from '../../src/core/intake/list-sources.ts'
import { reconcileLater } from '../../src/core/intake/reconcile.ts'
import { COMMAND_LINE } from '../../src/core/people/officer.ts'
import { type ContractSite, webhooks } from './site.ts'

/** The database is away: nothing is taken, nothing is written here, and what was turned away is had in the end. */
export function tryOutage(site: () => ContractSite): void {
  describe.each(webhooks)('outage: %s', (_, to) => {
    it('with the database away a call is asked to come again within 2 s, and is had once it is back, once', async () => {
      const provider = site().providers.get(to.id)
      const [said, next] = [site().says('Mất điện'), site().says('Có điện')]
      const id = (await provider?.keeps(said, site().clock.now())) ?? said.id
      const missed = to.way.report({ ...said, id })
      const before = await site().counted(to.id)
      site().away(true)
      const started = performance.now()
      const { status, headers } = await site()
        .call(to, missed)
        .finally(() => site().away(false))
      expect([status, headers['retry-after'], performance.now() - started < 2000]).toEqual([503, '5', true])
      expect(await site().counted(to.id)).toEqual(before)
      await site().bring(to, next)
      await site().work()
      const brought = provider === undefined ? 0 : 1
      expect((await site().counted(to.id)).submissions).toBe(before.submissions + 1 + brought)
      // A provider that does call again brings it itself, or nothing new.
      expect((await site().call(to, missed)).status).toBe(200)
      expect((await site().counted(to.id)).submissions).toBe(before.submissions + 2)
    })

    if (to.way.provider !== 'never')
      it('a token that ends, a provider that is away: the source shows it, and of what people wrote meanwhile nothing is missed', async () => {
        const provider = site().providers.get(to.id)!
        const health = async () =>
          (await listSources(site().ports, COMMAND_LINE)).find((source) => source.id === to.id)!.lastFault
        const ask = async () => {
          await act(site().ports, { actor: 'system', unrecorded: true }, async (a) =>
            reconcileLater(a, { id: to.id, kind: to.kind, state: 'on' }),
          )
          await site().work()
        }
        const before = await site().counted(to.id)
        await provider.admits(false)
        await provider.keeps(site().says('Hết nước'), site().clock.now())
        await ask()
        expect(await health()).toMatch(/^(?:config|unreachable): /)
        await provider.admits(true)
        await ask()
        expect([await health(), (await site().counted(to.id)).submissions]).toEqual([null, before.submissions + 1])
      })
  })
}
