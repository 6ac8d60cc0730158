import { expect } from 'vitest'
import { done } from '../support/done.ts'
import type { Scenario } from '../support/scenario.ts'
import { at, dispatched, OFFICE, tellResult, WARD } from './city.ts'

/** Điều 8 đến Điều 11. */
export const DUTIES: readonly Scenario[] = [
  {
    article: 'Điều 8 khoản 1',
    name: 'everything is kept; how long is proposed, since the decision names no term',
    watches: ['retention'],
    start: '2027-02-03 08:15',
    play: async ({ profile }) => {
      const { retention } = profile.versions.at(-1)!
      expect(retention).toEqual({
        case: { years: 10, atLeast: false, proposed: true },
        identity: { months: 24, atLeast: false, proposed: true },
        media: { months: 24, atLeast: false, proposed: true },
        envelope: { days: 90, atLeast: false, proposed: true },
        audio: { months: 12, atLeast: false, proposed: true },
        logs: { months: 12, atLeast: false, proposed: true },
      })
    },
  },
  {
    article: 'Điều 8 khoản 2',
    name: 'what was answered is public, without its sender; what its sender wants secret is not',
    watches: ['publication', 'secrecy.content'],
    start: '2027-02-03 08:20',
    play: async (p) => {
      const open = await dispatched(p)
      const secret = await dispatched(p, WARD, { contentSecret: true })
      for (const { code } of [open, secret]) {
        await done(at(p, code, WARD).says('result', { text: 'Đã xử lý.', handledAt: '2027-02-03T01:00:00Z' }))
        expect((await p.caseOf(code)).publishedAt).toBeNull()
        await tellResult(p, code, 'Đã xử lý xong.')
      }
      expect((await p.caseOf(open.code)).publishedAt).not.toBeNull()
      const kept = await p.caseOf(secret.code)
      expect(kept).toMatchObject({ publishedAt: null, status: 'answered', reports: [{ contentSecret: true }] })
    },
  },
  {
    article: 'Điều 9 khoản 1',
    name: 'who reported is seen only by the unit that has the case, for a reason that is recorded, and not where it is secret',
    watches: ['secrecy'],
    start: '2027-02-03 08:40',
    play: async (p) => {
      const named = await dispatched(p)
      const secret = await dispatched(p, WARD, { identitySecret: true })
      const { id } = await p.caseOf(named.code)
      expect((await p.officer('agency', OFFICE).get(`/cases/${id}`)).status).toBe(404)
      const seenByWard = (await p.officer('agency', WARD).get(`/cases/${id}`)).body
      expect(JSON.stringify(seenByWard)).not.toContain(named.phone.slice(-9))
      const reveal = async (code: string, agency: string) => {
        const [own] = (await p.caseOf(code)).reports
        return p.officer('agency', agency).post(`/reporters/${own!.id}/reveal`, { why: 'Hẹn đến kiểm tra.' })
      }
      expect(await reveal(named.code, WARD)).toMatchObject({ status: 200 })
      expect((await reveal(named.code, OFFICE)).status).toBe(404)
      expect((await reveal(secret.code, WARD)).status).toBe(403)
    },
  },
  {
    article: 'Điều 9 khoản 2',
    name: 'what a unit writes is masked before anybody else reads it',
    watches: [],
    start: '2027-02-03 09:00',
    play: async (p) => {
      const citizen = await dispatched(p)
      const text = `Đã gọi số ${citizen.phone} và xử lý.`
      await done(at(p, citizen.code, WARD).says('result', { text, handledAt: '2027-02-03T01:00:00Z' }))
      expect((await p.caseOf(citizen.code)).assignments[0]?.answer).not.toContain(citizen.phone)
    },
  },
  {
    article: 'Điều 10 khoản 1',
    name: 'who hears of what is late, level by level, and who follows what was rated, as data',
    watches: ['escalation', 'rating.followedBy'],
    start: '2027-02-03 09:10',
    play: async ({ profile }) => {
      const { escalation, rating } = profile.versions.at(-1)!
      expect(escalation.levels.map(({ to }) => to)).toEqual(['agency-leader', 'operator', 'province-leader'])
      expect(rating.followedBy).toBe('operator')
    },
  },
  {
    article: 'Điều 10 khoản 2',
    name: 'periodic reports, as data: by whom, to whom, how often',
    watches: ['reports'],
    start: '2027-02-03 09:15',
    play: async ({ profile }) => {
      const { reports } = profile.versions.at(-1)!
      expect(reports.map(({ id, every, by, to }) => [id, every, by.vi.slice(0, 14), to.vi.slice(0, 14)])).toEqual([
        ['weekly-to-units', 'week', 'Đơn vị vận hàn', 'Lãnh đạo đơn v'],
        ['weekly-to-regulator', 'week', 'Đơn vị vận hàn', 'Sở Thông tin v'],
        ['regulator-on-demand', 'on-demand', 'Đơn vị vận hàn', 'Sở Thông tin v'],
        ['quarterly', 'quarter', 'Sở Thông tin v', 'UBND Thành phố'],
        ['on-demand', 'on-demand', 'Sở Thông tin v', 'UBND Thành phố'],
        ['good-ideas', 'quarter', 'Đơn vị xử lý', 'UBND Thành phố'],
      ])
      expect(reports[0]?.means).toEqual(['sms', 'email'])
    },
  },
  {
    article: 'Điều 11 khoản 1',
    name: 'a unit works in the software of 1022: what is dispatched is with it at once',
    watches: ['handling'],
    start: '2027-02-03 09:20',
    play: async (p) => {
      const citizen = await dispatched(p)
      expect(await p.caseOf(citizen.code)).toMatchObject({
        status: 'dispatched',
        deliveries: [{ state: 'taken', takenVia: 'desk' }],
      })
    },
  },
]
