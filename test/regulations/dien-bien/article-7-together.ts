import { expect } from 'vitest'
import { done } from '../support/done.ts'
import type { Scenario } from '../support/scenario.ts'
import { agencyHere, answerHere, clockOf, HERE, ioc, leadOf, provinceLeader } from './people.ts'

const OTHER = 'UBND xã Tuần Giáo'

/** Khoản 4 to 6: coordination, another agency's matter, no agreement. */
export const ARTICLE_7_TOGETHER: readonly Scenario[] = [
  {
    article: 'Điều 7 khoản 4',
    name: 'whoever is asked to coordinate has two working days; late, it tells the lead by when; its answer is the lead’s',
    watches: ['coordination', 'steps.coordinate', 'steps.coordinate-promised'],
    start: '2026-12-04 08:00',
    play: async (p) => {
      const citizen = await p.report()
      const other = p.agency(OTHER)
      const clerk = p.officer('agency', other)
      const { id } = leadOf(await p.caseOf(citizen.code))
      await done(agencyHere(p).post(`/assignments/${id}/coordinate`, { agencyId: other, question: 'Cống này của ai?' }))
      const share = async () => (await p.caseOf(citizen.code)).assignments.find(({ role }) => role === 'coordinating')!
      expect(await share()).toMatchObject({ agencyId: other, state: 'delivered' })
      expect(clockOf(await p.caseOf(citizen.code), 'coordinate')).toMatchObject({
        due: '2026-12-08 17:00',
        state: 'open',
      })

      const noticed = async (role: 'agency' | 'leader', agency: string) =>
        (await p.officer(role, agency).noticed(citizen.code))
          .map(({ event, step = '' }) => `${event} ${step}`.trim())
          .filter((said) => said.includes('coordinat'))
      await p.at('2026-12-08 10:50')
      expect(await noticed('agency', other)).toEqual([])
      await p.at('2026-12-08 11:05')
      expect(await noticed('agency', other)).toEqual(['remind coordinate'])
      expect(await noticed('leader', other)).toEqual([])
      await p.at('2026-12-08 17:05')
      expect(await noticed('agency', other)).toEqual(['remind coordinate', 'remind coordinate'])
      expect(await noticed('leader', other)).toEqual(['escalate coordinate'])

      const interim = (body: object) => share().then((it) => clerk.post(`/assignments/${it.id}/interim`, body))
      const text = 'Đang tra hồ sơ.'
      expect(await interim({ text })).toMatchObject({ status: 422, body: { errors: [{ field: 'committedFor' }] } })
      await done(interim({ text, committedFor: '2026-12-10' }))
      expect(await noticed('agency', p.agency(HERE))).toEqual(['coordination-late'])
      expect(clockOf(await p.caseOf(citizen.code), 'coordinate-promised')).toMatchObject({
        due: '2026-12-10 23:59',
        state: 'open',
      })
      await p.at('2026-12-11 00:05')
      expect(await noticed('leader', other)).toEqual(['escalate coordinate', 'escalate coordinate-promised'])

      await done(clerk.post(`/assignments/${(await share()).id}/result`, { text: 'Cống của phường.' }))
      expect((await citizen.told()).map(({ event }) => event)).toEqual(['received', 'forwarded'])
      await answerHere(p, citizen.code, 'Đã nạo vét cống.')
      expect((await citizen.told()).at(-1)).toMatchObject({ event: 'answer', text: expect.stringContaining(HERE) })
    },
  },
  {
    article: 'Điều 7 khoản 5',
    name: 'not its matter: it sends it on itself with the reason, the centre gets a copy; the next has six days of its own, the citizen’s never begin anew',
    watches: ['wrongAuthority', 'steps.forward-wrong-authority', 'steps.handle'],
    start: '2026-12-14 08:00',
    play: async (p) => {
      const citizen = await p.report()
      const other = p.agency(OTHER)
      const before = await p.caseOf(citizen.code)
      expect(clockOf(before, 'forward-wrong-authority')).toMatchObject({ due: '2026-12-15 17:00', state: 'open' })
      expect(clockOf(before, 'answer-reporter')?.due).toBe('2026-12-22 17:00')
      await p.at('2026-12-15 09:00')
      const forward = (body: object) => agencyHere(p).post(`/assignments/${leadOf(before).id}/forward`, body)
      expect((await forward({ agencyId: other })).status).toBe(400)
      await done(forward({ agencyId: other, why: 'Đoạn đường này thuộc xã Tuần Giáo.' }))

      const after = await p.caseOf(citizen.code)
      expect(after.assignments.map(({ agencyId, state }) => [agencyId, state])).toEqual([
        [p.agency(HERE), 'forwarded'],
        [other, 'delivered'],
      ])
      expect(clockOf(after, 'forward-wrong-authority')).toMatchObject({ due: '2026-12-16 17:00' })
      expect(clockOf(after, 'handle')).toMatchObject({ due: '2026-12-23 17:00', state: 'open' })
      expect(clockOf(after, 'answer-reporter')).toMatchObject({ due: '2026-12-22 17:00', state: 'open' })
      expect(await p.office(other).got(citizen.code)).toHaveLength(1)
      expect((await citizen.told()).at(-1)).toMatchObject({ event: 'forwarded', text: expect.stringContaining(OTHER) })
      expect((await ioc(p).noticed(citizen.code)).filter(({ event }) => event === 'forwarded')).toMatchObject([
        {
          at: expect.stringMatching(/^2026-12-15 09:0/),
          values: { why: 'Đoạn đường này thuộc xã Tuần Giáo.', to: other },
        },
      ])
      await p.office(other).says(citizen.code, 'answer', 'Đã vá đường.')
      expect((await citizen.told()).at(-1)).toMatchObject({
        event: 'answer',
        text: expect.stringContaining('Đã vá đường'),
      })
    },
  },
  {
    article: 'Điều 7 khoản 6',
    name: 'who does not agree with the answer and insists: counted, before the province’s leader, who has it begun anew',
    watches: ['dispute', 'escalation'],
    start: '2026-12-16 08:00',
    play: async (p) => {
      const citizen = await p.report()
      await answerHere(p, citizen.code, 'Không có gì phải sửa.')
      expect((await citizen.rate('not-satisfied', 'Chưa ai đến xem.')).status).toBe(200)
      const { id, disputes } = await p.caseOf(citizen.code)
      expect(disputes).toBe(1)
      const before = async () =>
        (await provinceLeader(p).noticed(citizen.code)).filter(({ event }) => event === 'escalate')
      expect(await before()).toMatchObject([{ level: 3, toRole: 'leader' }])
      await done(p.officer('triage').post(`/cases/${id}/reopen`, { why: 'UBND tỉnh giao xem xét lại.' }))
      expect((await citizen.told()).at(-1)).toMatchObject({ event: 'reopened' })
      await done(p.officer('triage').post(`/cases/${id}/assign`, { agencyId: p.agency(OTHER) }))
      await p.office(p.agency(OTHER)).says(citizen.code, 'answer', 'Đã sửa xong.')
      expect((await citizen.rate('not-satisfied', 'Vẫn hỏng.')).status).toBe(200)
      expect((await p.caseOf(citizen.code)).disputes).toBe(2)
      expect(await before()).toHaveLength(2)
    },
  },
  {
    article: 'Điều 7 khoản 6',
    name: 'agencies that do not agree: the lead’s leader brings it before those above, and hands over where nobody is above',
    watches: ['escalation'],
    start: '2026-12-16 09:00',
    play: async (p) => {
      const { code } = await p.report()
      const { id } = await p.caseOf(code)
      const triage = p.officer('triage')
      for (const level of [1, 2, 3])
        await done(triage.post(`/cases/${id}/escalate`, { why: `Không thống nhất, lần ${level}.` }))
      expect((await triage.post(`/cases/${id}/escalate`, { why: 'Lần nữa.' })).status).toBe(409)
      const levels = (await provinceLeader(p).noticed(code)).filter(({ event }) => event === 'escalate')
      expect(levels.map(({ level }) => level)).toEqual([1, 3])
    },
  },
]
