import { describe, expect, it } from 'vitest'
import type { Body, WebhookWay } from './contract.ts'
import { type Calling, type ContractSite, LENIENT, OTHER, PUBLIC_URL, type Tried, webhooks } from './site.ts'

/** What proxies make of a call. The signature is made over the address as it is configured at the provider. */
const PROXIES: readonly (readonly [what: string, how: Calling])[] = [
  ['tells the address inside', { headers: { host: '10.0.0.7:8080' } }],
  ['tells the address outside', { headers: { host: new URL(PUBLIC_URL).host } }],
  ['tells a host of anybody', { headers: { host: 'attacker.example', 'x-forwarded-host': 'attacker.example' } }],
  ['ends TLS', { headers: { 'x-forwarded-proto': 'http', 'x-forwarded-ssl': 'off', 'front-end-https': 'off' } }],
  ['says https', { headers: { 'x-forwarded-proto': 'https, http', 'x-forwarded-port': '443' } }],
  ['takes the path away', { headers: { 'x-forwarded-prefix': '/other', 'x-original-url': '/other?x=1' } }],
  ['says it in one word', { headers: { forwarded: 'for=192.0.2.1;host=other.example;proto=http' } }],
  [
    'stands behind another',
    { headers: { 'x-forwarded-for': '192.0.2.1, 10.0.0.1', via: '1.1 proxy', 'x-real-ip': '192.0.2.1' } },
  ],
  ['leaves the query as it is', { query: "?a=1&b=%C3%A1%20b'&a=2" }],
]

/** The body, so many bytes above what the channel takes; whatever follows it is blank. */
export function sized({ channel }: Tried<WebhookWay>, { bytes, type }: Body, above: number): Body {
  const [most] = channel.intakes.flatMap((intake) => (intake.intake === 'webhook' ? [intake.maxBytes] : []))
  return { type, bytes: Buffer.concat([bytes, Buffer.alloc(most! + above - bytes.length, ' ')]) }
}

/** Whose word it is. */
export function tryProof(site: () => ContractSite): void {
  describe.each(webhooks)('proof: %s', (_, to) => {
    const body = () => to.way.report(site().says('Đường lầy'))
    const signed = (more: ReturnType<typeof body>) =>
      to.way.sign(more, { url: `${PUBLIC_URL}/hooks/sources/${to.id}`, mark: 'own' })
    const [header] = Object.keys(signed(to.way.report({ id: 'm1', person: 1, text: '' }))) as [string]
    const refuse = async (calling: Calling, called = body()) => {
      const before = await site().counted(to.id)
      const { status } = await site().call(to, called, calling)
      expect([status, await site().counted(to.id)]).toEqual([401, before])
    }

    const same = to.way.report({ id: 'm1000000', person: 0, text: 'Đường lầy' })
    it.each(PROXIES)('a signature that fails behind a proxy: one that %s changes nothing', async (_what, how) => {
      expect((await site().call(to, same, how)).status).toBe(200)
    })

    it('is not there, is empty, is nonsense', async () => {
      for (const value of [undefined, '', 'x', 'sha256=', '0'.repeat(64)])
        await refuse({ headers: { [header]: value } })
    })

    it('is that of another source, or of another body', async () => {
      await refuse({ mark: OTHER })
      await refuse({ headers: signed(to.way.report(site().says('Một chuyện khác'))) })
    })

    it('is one letter beside', async () => {
      const called = body()
      const right = signed(called)[header]!
      const at = right.length - 6
      const wrong = right.slice(0, at) + (right[at] === '0' ? '1' : '0') + right.slice(at + 1)
      await refuse({ headers: { [header]: wrong } }, called)
    })

    it('a roll-out of signatures that rejects real traffic: where a source only reports, the call is taken and counted', async () => {
      const source = to.id + LENIENT
      const before = await site().counted(source)
      expect((await site().call(to, body(), { source, mark: OTHER })).status).toBe(200)
      expect((await site().counted(source)).submissions).toBe(before.submissions + 1)
    })

    it('a body over the cap is refused aloud and whole, never cut; one up to it is taken', async () => {
      const before = await site().counted(to.id)
      expect((await site().call(to, sized(to, body(), 1))).status).toBe(413)
      expect(await site().counted(to.id)).toEqual(before)
      expect((await site().call(to, sized(to, body(), 0))).status).toBe(200)
      expect((await site().counted(to.id)).envelopes).toBe(before.envelopes + 1)
    })

    it('JSON that is written anew breaks the signature, and letters: emoji, marks and slashes come as they were sent', async () => {
      const said = site().says('Hố ga 🕳️ ở ngõ 1/2 "Nậm Pồ" \\ ế')
      await site().bring(to, said)
      await site().work()
      expect((await site().reportOf(to, to.way.report(said)))!.text).toContain(said.text.normalize('NFC'))
    })
  })
}
