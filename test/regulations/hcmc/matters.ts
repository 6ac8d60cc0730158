import { expect } from 'vitest'
import { done } from '../support/done.ts'
import type { Scenario } from '../support/scenario.ts'
import { at, clocks, dispatched, lacks, OFFICE, report, tellResult, textMessages, WARD } from './city.ts'

const EDUCATION = 'hcmc-so-noi-vu'

/** Khoản 2, 3 và 4 của Điều 7. */
export const MATTERS: readonly Scenario[] = [
  {
    article: 'Điều 7 khoản 2 điểm a',
    name: 'the answer says when it was dealt with and what came of it; from the spot, with a photo or the minutes',
    watches: ['reply'],
    start: '2026-12-17 08:00',
    play: async (p) => {
      const citizen = await dispatched(p)
      const ward = at(p, citizen.code, WARD)
      await done(ward.says('accept'))
      await done(ward.says('reach', { step: 'site-checked' }))
      const said = { text: 'Đã lập biên bản, yêu cầu dọn dẹp.', handledAt: '2026-12-17T00:30:00Z' }
      await lacks(ward.says('result', { text: said.text, upload: await ward.officer.photo() }), 'handledAt')
      await lacks(ward.says('result', said), 'upload')
      await done(ward.says('result', { ...said, upload: await ward.officer.photo() }))
      expect((await p.caseOf(citizen.code)).assignments).toMatchObject([
        { state: 'answered', answer: said.text, handledAt: '2026-12-17T00:30:00.000Z' },
      ])
      const other = await dispatched(p)
      await lacks(at(p, other.code, WARD).says('result', { text: said.text }), 'handledAt')
      await done(at(p, other.code, WARD).says('result', said))
    },
  },
  {
    article: 'Điều 7 khoản 2 điểm b',
    name: 'five working days; else how far it is, with a photo and a day by which it will be done, for sender and clock',
    watches: ['steps.handle', 'steps.answer-society', 'steps.promised', 'interim'],
    start: '2026-12-18 09:00',
    play: async (p) => {
      const citizen = await dispatched(p)
      const ward = at(p, citizen.code, WARD)
      const due = { from: '2026-12-18 09:00', due: '2026-12-25 17:00', state: 'open' }
      expect(clocks(await p.caseOf(citizen.code), 'handle')).toMatchObject([{ agencyId: WARD, ...due }])
      expect(clocks(await p.caseOf(citizen.code), 'answer-society')).toMatchObject([due])
      await done(ward.says('accept'))
      await p.at('2026-12-25 08:00')
      expect((await ward.officer.noticed(citizen.code)).at(-1)).toMatchObject({ event: 'remind', step: 'handle' })
      const state = { text: 'Đã mời hai bên làm việc lần một.' }
      await lacks(ward.says('interim', { ...state, committedFor: '2026-12-30' }), 'upload')
      await lacks(ward.says('interim', { ...state, upload: await ward.officer.photo() }), 'committedFor')
      await done(ward.says('interim', { ...state, committedFor: '2026-12-30', upload: await ward.officer.photo() }))
      const told = (await citizen.view()).notices.at(-1)
      expect(told).toMatchObject({ event: 'interim', files: [{ type: 'image/jpeg' }] })
      expect(told?.text).toContain('30/12/2026')
      const seen = await p.caseOf(citizen.code)
      expect(clocks(seen, 'handle')).toMatchObject([{ state: 'met', missed: false }])
      expect(clocks(seen, 'promised')).toMatchObject([{ due: '2026-12-30 23:59', state: 'open' }])
      await p.at('2026-12-30 10:00')
      await done(ward.says('result', { text: 'Hai bên đã thống nhất.', handledAt: '2026-12-30T02:00:00Z' }))
      expect(clocks(await p.caseOf(citizen.code), 'promised')).toMatchObject([{ state: 'met', missed: false }])
    },
  },
  {
    article: 'Điều 7 khoản 2 điểm b',
    name: 'what nobody has answered after five working days goes to the unit’s leader, and a day later to the operator',
    watches: ['steps.handle', 'escalation'],
    start: '2026-12-30 10:30',
    play: async (p) => {
      const citizen = await dispatched(p)
      // 1 January is a day off.
      expect(clocks(await p.caseOf(citizen.code), 'handle')).toMatchObject([{ due: '2027-01-07 17:00' }])
      await p.at('2027-01-07 17:01')
      const ofHandle = async (role: 'leader' | 'operator', agency?: string) =>
        (await p.officer(role, agency).noticed(citizen.code)).filter(({ step }) => step === 'handle')
      expect(await ofHandle('leader', WARD)).toMatchObject([{ event: 'escalate', level: 1 }])
      expect(await ofHandle('operator')).toEqual([])
      await p.at('2027-01-08 17:01')
      expect(await ofHandle('operator')).toMatchObject([{ event: 'escalate', level: 2 }])
    },
  },
  {
    article: 'Điều 7 khoản 2 điểm c',
    name: 'another agency’s matter goes back within a working day, within two where the place was looked at',
    watches: ['wrongAuthority', 'steps.return', 'steps.return-after-visit', 'steps.dispatch-again'],
    start: '2027-01-11 09:00',
    play: async (p) => {
      const [plain, visited] = [await dispatched(p), await dispatched(p)]
      expect(clocks(await p.caseOf(plain.code), 'return')).toMatchObject([
        { from: '2027-01-11 09:00', due: '2027-01-12 17:00', state: 'open' },
      ])
      await p.at('2027-01-11 15:00')
      await done(at(p, visited.code, WARD).says('reach', { step: 'site-checked' }))
      expect(clocks(await p.caseOf(visited.code), 'return-after-visit')).toMatchObject([
        { from: '2027-01-11 09:00', due: '2027-01-13 17:00', state: 'open' },
      ])
      await p.at('2027-01-12 10:00')
      await done(
        at(p, plain.code, WARD).says('return', { why: 'Thuộc thẩm quyền của sở.', proposedAgencyId: EDUCATION }),
      )
      const back = await p.caseOf(plain.code)
      expect(back).toMatchObject({ status: 'waiting', waitingFor: 'returned' })
      expect(clocks(back, 'return')).toMatchObject([{ state: 'met', missed: false }])
      expect(clocks(back, 'dispatch-again')).toMatchObject([{ due: '2027-01-12 10:05', state: 'open' }])
      await done(p.officer('triage').post(`/cases/${back.id}/assign`, { agencyId: EDUCATION }))
      const again = await p.caseOf(plain.code)
      // A new clock for the new agency; the one towards the citizen goes on.
      expect(clocks(again, 'handle').at(-1)).toMatchObject({ agencyId: EDUCATION, due: '2027-01-19 17:00' })
      expect(clocks(again, 'answer-society')).toMatchObject([{ due: '2027-01-18 17:00', state: 'open' }])

      await p.at('2027-01-13 16:00')
      await done(at(p, visited.code, WARD).says('return', { why: 'Đã đến nơi, không thuộc địa bàn.' }))
      expect(clocks(await p.caseOf(visited.code), 'return-after-visit')).toMatchObject([
        { state: 'met', missed: false },
      ])
    },
  },
  {
    article: 'Điều 7 khoản 3',
    name: 'Văn phòng passes ideas and slow instructions on within a working day; ten days, fifteen where others must help',
    watches: [
      'steps.office-dispatch',
      'steps.handle-by-instruction',
      'steps.handle-by-instruction-together',
      'steps.answer-instruction',
      'steps.answer-instruction-together',
      'passingOn',
      'wrongAuthority',
    ],
    start: '2027-01-14 09:00',
    play: async (p) => {
      const idea = await report(p, { category: 'ideas' })
      const slow = await report(p, { category: 'slow-instruction' })
      for (const { code } of [idea, slow]) {
        const seen = await p.caseOf(code)
        expect(clocks(seen, 'office-dispatch')).toMatchObject([{ due: '2027-01-15 17:00', state: 'open' }])
        expect(clocks(seen, 'answer-instruction')).toMatchObject([
          { from: '2027-01-14 09:00', due: '2027-01-25 23:59' },
        ])
      }
      await p.at('2027-01-15 10:00')
      const sought = 'hcmc-so-xay-dung'
      for (const { code } of [idea, slow])
        await done(at(p, code, OFFICE).says('forward', { agencyId: sought, why: 'Theo chức năng.' }))
      const passed = await p.caseOf(idea.code)
      expect(clocks(passed, 'office-dispatch')).toMatchObject([{ state: 'met', missed: false }])
      expect(clocks(passed, 'handle-by-instruction').at(-1)).toMatchObject({
        ...{ agencyId: sought, from: '2027-01-15 10:00', due: '2027-01-25 23:59', state: 'open' },
      })
      await p.at('2027-01-18 10:00')
      await done(at(p, slow.code, sought).says('coordinate', { agencyId: WARD, question: 'Hiện trạng ra sao?' }))
      const together = await p.caseOf(slow.code)
      expect(clocks(together, 'handle-by-instruction').at(-1)).toMatchObject({ state: 'cancelled' })
      expect(clocks(together, 'handle-by-instruction-together')).toMatchObject([
        { agencyId: sought, from: '2027-01-15 10:00', due: '2027-02-01 23:59', state: 'open' },
      ])
      expect(clocks(together, 'answer-instruction')).toMatchObject([{ state: 'cancelled' }])
      expect(clocks(together, 'answer-instruction-together')).toMatchObject([
        { due: '2027-01-29 23:59', state: 'open' },
      ])

      await done(at(p, idea.code, sought).says('result', { text: 'Sẽ đưa vào kế hoạch quý tới.' }))
      await tellResult(p, idea.code, 'Cảm ơn hiến kế, sẽ đưa vào kế hoạch quý tới.')
      const answered = await p.caseOf(idea.code)
      expect(clocks(answered, 'answer-instruction')).toMatchObject([{ state: 'met', missed: false }])
      await p.at('2027-02-02 08:00')
      expect((await p.officer('leader', sought).noticed(slow.code)).at(-1)).toMatchObject({
        step: 'handle-by-instruction-together',
        level: 1,
      })
      const unsure = { why: 'Không thuộc chức năng.', proposedAgencyId: EDUCATION }
      await done(at(p, slow.code, sought).says('return', unsure))
      expect((await p.caseOf(slow.code)).waitingFor).toBe('returned')
    },
  },
  {
    article: 'Điều 7 khoản 4',
    name: 'the result goes to the sender by text message once it is checked, with where to look it up; they may rate it',
    watches: ['notices.answer', 'rating', 'approval', 'publication'],
    start: '2027-02-02 08:10',
    play: async (p) => {
      const citizen = await dispatched(p)
      const ward = at(p, citizen.code, WARD)
      expect((await citizen.rate('satisfied')).status).toBe(409)
      await done(ward.says('result', { text: 'Đã dọn sạch.', handledAt: '2027-02-02T00:30:00Z' }))
      // The unit answers for its words (Điều 11 khoản 2): its leader need not approve them here.
      expect((await p.caseOf(citizen.code)).status).toBe('result')
      expect((await citizen.told()).map(({ event }) => event)).toEqual(['received', 'forwarded'])
      await p.at('2027-02-02 09:00')
      await tellResult(p, citizen.code, 'Đã dọn sạch bãi rác.')
      expect((await citizen.told()).at(-1)).toMatchObject({ event: 'answer', at: '2027-02-02 09:00' })
      expect(textMessages(await p.caseOf(citizen.code), citizen.code)).toEqual([
        { event: 'forwarded', state: 'waiting', at: '2027-02-02 08:10' },
        { event: 'answer', state: 'waiting', at: '2027-02-02 09:00' },
      ])
      const { rating } = await citizen.view()
      expect(rating).toMatchObject({ open: true, given: null })
      expect(rating?.scale.map(({ id }) => id)).toEqual(['satisfied', 'acceptable', 'not-satisfied'])
      expect((await citizen.rate('not-satisfied', 'Sáng nay lại có rác.')).status).toBe(200)
      const rated = await p.caseOf(citizen.code)
      expect(rated).toMatchObject({
        status: 'rated',
        ratings: [{ value: 'not-satisfied', why: 'Sáng nay lại có rác.' }],
      })
      expect(rated.disputes).toBe(1)
    },
  },
]
