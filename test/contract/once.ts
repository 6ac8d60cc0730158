import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { eraseReporter } from '../../src/core/reading/erase.ts'
import { submissions } from '../../src/core/tables/index.ts'
import { type ContractSite, OTHER, tried, webhooks } from './site.ts'

const MONTH = 30 * 24 * 3600_000

/** The same message is one, whatever its provider does. */
export function tryOnce(site: () => ContractSite): void {
  describe.each(tried)('once: %s', (_, to) => {
    const count = () => site().counted(to.id)

    it('a message is taken, and comes again without a trace: at once, and after a month, which no window of time holds', async () => {
      const said = site().says('Cây đổ')
      const before = await count()
      expect((await site().bring(to, said)).status).toBeLessThan(300)
      const after = await count()
      expect(after.submissions).toBe(before.submissions + 1)
      await site().bring(to, said)
      site().clock.move(MONTH)
      await site().bring(to, said)
      site().clock.move(-MONTH)
      expect(await count()).toEqual(after)
    })

    it('20 copies at the same moment are one', async () => {
      const said = site().says('Cống tắc')
      const before = await count()
      const answers = await Promise.all(Array.from({ length: 20 }, () => site().bring(to, said)))
      expect(answers.filter(({ status }) => status >= 300)).toEqual([])
      expect(await count()).toMatchObject({ submissions: before.submissions + 1, envelopes: before.envelopes + 1 })
    })

    it('what was erased does not come back when it comes again', async () => {
      const said = site().says('Đèn hỏng')
      await site().bring(to, said)
      await site().work()
      const { db } = site().ports
      const all = await db.select().from(submissions).where(eq(submissions.sourceId, to.id))
      const last = all.reduce((a, b) => (a.id > b.id ? a : b))
      await eraseReporter(site().ports, 'system', { code: last.code, why: 'theo yêu cầu' })
      const before = await count()
      await site().bring(to, said)
      await site().work()
      expect(await count()).toEqual(before)
      const [still] = await db.select().from(submissions).where(eq(submissions.id, last.id))
      expect(still!.erasedAt).not.toBeNull()
    })
  })

  describe.each(webhooks)('once: %s', (_, to) => {
    const { batch } = to.way.words

    it('the same id by another source is another message', async () => {
      const said = site().says('Rác')
      const source = to.id + OTHER
      const before = await site().counted(source)
      await site().bring(to, said)
      expect((await site().call(to, to.way.report(said), { source, mark: OTHER })).status).toBe(200)
      expect((await site().counted(source)).submissions).toBe(before.submissions + 1)
    })

    if (batch !== 'never')
      it('of several in one body those count that are new', async () => {
        const [first, ...others] = ['một', 'hai', 'ba'].map((text) => site().says(text))
        await site().bring(to, first!)
        const before = await site().counted(to.id)
        expect((await site().call(to, batch([first!, ...others]))).status).toBe(200)
        expect((await site().counted(to.id)).submissions).toBe(before.submissions + 2)
      })
  })
}
