import { and, eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { assignments, cases, deliveries, items, officerNotices } from '../../src/core/tables/index.ts'
import type { Body, Said } from './contract.ts'
import { type ContractSite, readBody, webhooks } from './site.ts'

const PLACE = 'ở bản Hồ xã Na Sang'
const MINUTE = 60_000

/** What comes later about a message: in any order, however often. Which words there are, each contract says. */
export function tryLaterWords(site: () => ContractSite): void {
  describe.each(webhooks)('later words: %s', (_, to) => {
    const { edit, deletion, more, receipt, file, goesOn } = to.way.words
    const take = async (...bodies: readonly Body[]) => {
      for (const body of bodies) expect((await site().call(to, body)).status).toBe(200)
      await site().work()
    }
    const reportOf = async (said: Said) => (await site().reportOf(to, to.way.report(said)))!
    const additionsOf = async (reportId: string) =>
      site().ports.db.$count(deliveries, and(eq(deliveries.reportId, reportId), eq(deliveries.kind, 'addition')))
    const toldOf = async (code: string) =>
      (await site().ports.db.select().from(officerNotices)).flatMap(({ event, values }) =>
        (values as { code?: string }).code === code ? [event] : [],
      )
    /** Until its case is with an agency. */
    const passedOn = async (said: Said) => {
      await take(to.way.report(said))
      site().clock.move(2 * MINUTE)
      await site().work()
      const report = await reportOf(said)
      expect(await site().ports.db.$count(assignments, eq(assignments.caseId, report.caseId))).toBe(1)
      return report
    }

    it('its words are those that its contract names', async () => {
      const said = { id: 'm1000001', person: 1, text: 'Cây đổ' }
      const kinds = async (body: Body) => (await readBody(to, body)).map((item) => item.item)
      const [first] = await readBody(to, to.way.report(said))
      expect(first).toMatchObject({ item: 'submitted' })
      expect((first as { talk?: string }).talk !== undefined).toBe(goesOn)
      if (edit !== 'never') expect(await kinds(edit(said, 1))).toEqual(['revised'])
      if (deletion !== 'never') expect(await kinds(deletion(said, 1))).toEqual(['deleted'])
      if (receipt !== 'never') expect(await kinds(receipt('m1000001'))).toEqual(['receipt'])
      if (more !== 'never') expect(await kinds(more(said))).toContain('revised')
      expect(
        file === 'never' || (await readBody(to, file(said))).some((item) => JSON.stringify(item).includes('"remote"')),
      ).toBe(true)
    })

    if (edit !== 'never')
      it('an edit before its message waits for it', async () => {
        const said = site().says(`Cống ${PLACE}`)
        await take(edit({ ...said, text: `Cống vỡ ${PLACE}` }, 1))
        expect(await site().reportOf(to, to.way.report(said))).toBeUndefined()
        await take(to.way.report(said))
        expect((await reportOf(said)).text).toBe(`Cống vỡ ${PLACE}`)
      })

    if (edit !== 'never')
      it('the same edit twice, and edits out of order: the later one counts', async () => {
        const said = site().says(`Rác ${PLACE}`)
        const [second, first] = [2, 1].map((minute) => edit({ ...said, text: `Rác ${minute} ngày ${PLACE}` }, minute))
        await take(to.way.report(said), second!, first!, second!)
        expect((await reportOf(said)).text).toBe(`Rác 2 ngày ${PLACE}`)
        expect(await site().ports.db.$count(items, and(eq(items.sourceId, to.id), eq(items.state, 'waiting')))).toBe(0)
      })

    if (deletion !== 'never')
      it('a deletion before its message waits for it', async () => {
        const said = site().says(`Nước đục ${PLACE}`)
        await take(deletion(said, 1))
        await take(to.way.report(said))
        const report = await reportOf(said)
        expect([report.text, report.takenBackAt === null]).toEqual([said.text, false])
      })

    if (deletion !== 'never' && edit !== 'never')
      it('a deletion, then an edit: it is taken back, and what it says is kept', async () => {
        const said = site().says(`Ổ gà ${PLACE}`)
        await take(to.way.report(said), deletion(said, 1), deletion(said, 1))
        await take(edit({ ...said, text: `Ổ gà to ${PLACE}` }, 2))
        const report = await reportOf(said)
        expect([report.takenBackAt === null, report.text]).toEqual([false, `Ổ gà to ${PLACE}`])
        expect((await toldOf(report.code)).filter((event) => event === 'taken-back')).toHaveLength(1)
      })

    if (goesOn)
      it('the second part of a long message, after the first was passed on, goes after it', async () => {
        const first = site().says(`Sạt lở ${PLACE}, đất đá lấp mất nửa đường và`)
        const report = await passedOn(first)
        const second = { ...site().says('một nhà dân'), person: first.person }
        await take(to.way.report(second))
        expect((await reportOf(first)).text).toBe(`${first.text}\nmột nhà dân`)
        expect(await additionsOf(report.id)).toBe(1)
        await take(to.way.report(second))
        expect(await additionsOf(report.id)).toBe(1)
      })

    if (more !== 'never')
      it('a transcript that comes after the answer is kept, and triage hears of it', async () => {
        const said = site().says(`Lan can gãy ${PLACE}`)
        const { id, caseId, code } = await passedOn(said)
        const { db } = site().ports
        await db.update(assignments).set({ state: 'answered' }).where(eq(assignments.caseId, caseId))
        await db.update(cases).set({ status: 'closed', closedAt: site().clock.now() }).where(eq(cases.id, caseId))
        const later = more({ ...said, text: 'Gãy hẳn xuống suối' })
        await take(later, later)
        expect((await reportOf(said)).text).toBe(`${said.text}\nGãy hẳn xuống suối`)
        expect((await toldOf(code)).filter((event) => event === 'revised')).toHaveLength(1)
        expect(await additionsOf(id)).toBe(0)
      })

    if (receipt !== 'never')
      it('word of a message that we never sent makes no report, and comes once', async () => {
        const before = await site().counted(to.id)
        const { id } = site().says('')
        await take(receipt(id), receipt(id))
        expect(await site().counted(to.id)).toMatchObject({ submissions: before.submissions, items: before.items + 1 })
      })

    if (file !== 'never')
      it('what the provider keeps is not asked for while its call waits, nor does the report wait for it', async () => {
        const said = site().says(`Hố ga hở ${PLACE}`)
        const before = site().asked.length
        expect((await site().call(to, file(said))).status).toBe(200)
        expect(site().asked).toHaveLength(before)
        await site().work()
        expect(site().asked.length).toBeGreaterThan(before)
        expect((await reportOf(said)).id).toBeDefined()
      })
  })
}
