import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Unreadable } from '../../src/channels/channel.ts'
import { type ContractSite, tried, webhooks } from './site.ts'

/** What a provider never sent: any bytes, and its own with some of them otherwise, missing or twice. */
const bytesLike = (own: Buffer) =>
  fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map((some) => Buffer.from(some)),
    fc
      .record({ at: fc.nat(own.length), drop: fc.nat(20), some: fc.uint8Array({ maxLength: 20 }) })
      .map(({ at, drop, some }) => Buffer.concat([own.subarray(0, at), some, own.subarray(at + drop)])),
    fc.nat(own.length).map((at) => own.subarray(0, at)),
  )

/** One bad message never blocks the next. */
export function tryPoison(site: () => ContractSite): void {
  describe.each(tried)('poison: %s', (_, to) => {
    it('a malformed message blocks nothing: it is refused or quarantined, and the next one flows', async () => {
      const report =
        'sign' in to.way ? to.way.report(site().says('Ngập')).bytes : Buffer.from('{"name":"x","phone":"0"}')
      await fc.assert(
        fc.asyncProperty(bytesLike(report), async (bytes) => {
          expect((await site().bringBytes(to, bytes)).status).toBeLessThan(500)
        }),
        { numRuns: 12 },
      )
      const before = await site().counted(to.id)
      expect((await site().bring(to, site().says('Cầu gãy'))).status).toBeLessThan(300)
      expect((await site().counted(to.id)).submissions).toBe(before.submissions + 1)
      await site().work()
    })
  })

  describe.each(webhooks)('poison: %s', (_, to) => {
    it('no bytes make reading fail, and the same bytes are read the same', async () => {
      const settings = to.channel.settings.parse(to.way.settings('own'))
      const { bytes: own, type } = to.way.report({ id: 'm1000001', person: 1, text: 'Cây đổ ở bản Hồ' })
      const read = (bytes: Buffer, contentType: string) =>
        to.channel.read({ event: 'e', contentType, body: bytes, files: [] }, settings)
      const types = fc.constantFrom(type, '', 'text/plain', 'application/json', 'multipart/form-data', '\u0000')
      await fc.assert(
        fc.asyncProperty(bytesLike(own), types, async (bytes, contentType) => {
          const once = await read(bytes, contentType)
          expect(await read(bytes, contentType)).toEqual(once)
          expect(Array.isArray(once) || typeof (once as Unreadable).unreadable === 'string').toBe(true)
        }),
        { numRuns: 150 },
      )
    })

    it('a message that is read has an event and keys, and they are the same every time', async () => {
      const report = to.way.report({ id: 'm1000001', person: 1, text: 'Cây đổ ở bản Hồ' })
      const settings = to.channel.settings.parse(to.way.settings('own'))
      const read = () =>
        to.channel.read({ event: 'e', contentType: report.type, body: report.bytes, files: [] }, settings)
      const [one] = (await read()) as readonly { readonly item: string; readonly keys: readonly string[] }[]
      expect([one!.item, one!.keys.length > 0]).toEqual(['submitted', true])
      expect(await read()).toEqual(await read())
    })
  })
}
