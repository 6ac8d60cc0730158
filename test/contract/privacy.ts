import { describe, expect, it } from 'vitest'
import { listSources } from '../../src/core/intake/list-sources.ts'
import { COMMAND_LINE } from '../../src/core/people/officer.ts'
import { until } from '../support/until.ts'
import { phoneOf } from './contract.ts'
import { sized } from './proof.ts'
import { type ContractSite, LENIENT, OTHER, tried, webhooks } from './site.ts'

/** What all of it left behind, in the log and in the list of sources. */
export function tryPrivacy(site: () => ContractSite): void {
  describe('what is left behind', () => {
    it('secrets are in no log and in no trace', () => {
      const secrets = tried.flatMap(([, { channel, way }]) =>
        ['own', OTHER, LENIENT].flatMap((mark) => channel.secrets.flatMap((name) => way.settings(mark)[name] ?? [])),
      )
      expect(secrets.length).toBeGreaterThan(tried.length)
      const all = [...site().logged, ...site().traced].join('')
      expect(all).toContain('hook.bad-signature')
      expect(secrets.filter((secret) => all.includes(String(secret)))).toEqual([])
    })

    it('who wrote, and what, is in no line of the log', () => {
      const lines = site().logged
      expect(lines.some((line) => line.includes('report.read'))).toBe(true)
      // Of a person of these tests: 0912 300 001, +84912300001, 912300001.
      const number = /(?<![\da-f])(?:\+?84|0)?[ .]?9[ .]?1[ .]?2[ .]?3(?:[ .]?\d){5}(?![\da-f])/
      expect(phoneOf(1)).toMatch(number)
      const words = /Na Sang|Cây đổ|citizens\.example|65123456789/
      const telling = lines.filter((line) => number.test(line) || words.test(line))
      expect(telling).toEqual([])
    })

    it('no socket was opened to anywhere outside of this machine', () => {
      expect(site().asked.some((call) => call.includes('pbx.example'))).toBe(true)
      expect(site().reached).toContain('127.0.0.1')
      // The database may be reached by a path.
      expect([...site().reached].filter((address) => !/^(?:127\.|::1$|\/)/.test(address))).toEqual([])
    })

    it('a source of which nothing arrives says why: calls that do not hold are counted, those too large are named', async () => {
      for (const [, to] of webhooks)
        expect((await site().call(to, sized(to, to.way.report(site().says('')), 1))).status).toBe(413)
      const refused = (id: string) => site().answered(id, 401)
      await until(
        'what calls told is written down',
        async () => {
          const seen = new Map((await listSources(site().ports, COMMAND_LINE)).map((source) => [source.id, source]))
          const told = webhooks.filter(
            ([, { id }]) =>
              seen.get(id)!.badSignatures === refused(id) &&
              seen.get(id + LENIENT)!.badSignatures === 1 &&
              /^a call of \d+ bytes was refused/.test(seen.get(id)!.lastRefusal ?? ''),
          )
          return told.length === webhooks.length ? told : undefined
        },
        { deadlineMs: 30_000 },
      )
    })
  })
}
