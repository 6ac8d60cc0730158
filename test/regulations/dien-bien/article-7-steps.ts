import { expect } from 'vitest'
import { done } from '../support/done.ts'
import type { Scenario } from '../support/scenario.ts'
import { agencyHere, answerHere, clockOf, HERE, leaderHere, leadOf, THANH_YEN } from './people.ts'

/** Khoản 1, 2: the five steps, secrecy of the answer, refusal. */
export const ARTICLE_7_STEPS: readonly Scenario[] = [
  {
    article: 'Điều 7 khoản 1',
    name: 'the five steps in the office’s own software, by the document exchange; the approved answer reaches the citizen by itself',
    watches: ['publication.result'],
    start: '2026-11-19 08:00',
    play: async (p) => {
      const citizen = await p.report({ ...THANH_YEN, title: 'Cầu treo mục ván' })
      const there = p.agency('UBND xã Thanh Yên')
      const office = p.office(there)
      expect(await office.got(citizen.code)).toMatchObject([{ text: expect.stringContaining('Cầu treo mục ván') }])
      const stateAfter = async (said: Parameters<typeof office.says>[1], text?: string) => {
        await office.says(citizen.code, said, text)
        return leadOf(await p.caseOf(citizen.code)).state
      }
      expect(await stateAfter('arrived')).toBe('delivered')
      expect((await citizen.told()).at(-1)).toMatchObject({
        event: 'forwarded',
        text: expect.stringContaining('30/11/2026'),
      })
      expect(await stateAfter('taken')).toBe('accepted')
      expect(await stateAfter('in-progress')).toBe('in-progress')
      expect((await citizen.view()).statusText).toBe('Đang xử lý')
      await p.at('2026-11-19 08:20')
      expect(await stateAfter('answer', 'Đã thay ván cầu treo ngày 19/11.')).toBe('answered')
      const { notices, status } = await citizen.view()
      expect(status).toBe('answered')
      expect(notices.at(-1)).toMatchObject({
        event: 'answer',
        text: expect.stringMatching(/UBND xã Thanh Yên.*Đã thay ván cầu treo/),
        files: [{ type: 'application/pdf' }],
      })
      const seen = await p.caseOf(citizen.code)
      expect(seen.publishedAt).not.toBeNull()
      for (const step of ['handle', 'answer-reporter'])
        expect(clockOf(seen, step)).toMatchObject({ state: 'met', missed: false })
    },
  },
  {
    article: 'Điều 7 khoản 1 điểm d',
    name: 'what was not approved in the office’s software waits for the leader, who sends it back or approves it',
    watches: ['approval'],
    start: '2026-11-19 09:00',
    play: async (p) => {
      const citizen = await p.report()
      const { id } = leadOf(await p.caseOf(citizen.code))
      const write = (text: string) => done(agencyHere(p).post(`/assignments/${id}/result`, { text }))
      await write('Xong.')
      expect((await p.caseOf(citizen.code)).status).toBe('for-approval')
      expect((await citizen.told()).map(({ event }) => event)).not.toContain('answer')
      expect((await agencyHere(p).post(`/assignments/${id}/approve`)).status).toBe(403)
      await done(leaderHere(p).post(`/assignments/${id}/send-back`, { why: 'Nêu rõ đã làm gì.' }))
      await write('Đã thay bóng đèn ngày 19/11.')
      await done(leaderHere(p).post(`/assignments/${id}/approve`))
      expect((await citizen.told()).at(-1)).toMatchObject({
        event: 'answer',
        text: expect.stringContaining('Đã thay bóng đèn'),
      })
    },
  },
  {
    article: 'Điều 7 khoản 1 điểm đ',
    name: 'the answer is public; who asked for secrecy is answered alone, and it is not',
    watches: ['secrecy.content', 'publication.result'],
    start: '2026-11-19 09:10',
    play: async (p) => {
      const [open, secret] = [await p.report(), await p.report({ contentSecret: true })]
      for (const { code, told } of [open, secret]) {
        await answerHere(p, code, 'Đã làm xong.')
        expect((await told()).at(-1)).toMatchObject({ event: 'answer' })
      }
      expect((await p.caseOf(open.code)).publishedAt).not.toBeNull()
      expect((await p.caseOf(secret.code)).publishedAt).toBeNull()
    },
  },
  {
    article: 'Điều 7 khoản 2',
    name: 'refused within one working day, with the reason and how to send it again; the office is told to stop',
    watches: ['report.insufficient', 'report.refuse', 'steps.refuse-or-take'],
    start: '2026-11-19 10:00',
    play: async (p) => {
      const [unclear, forgotten] = [await p.report(), await p.report()]
      const { id } = await p.caseOf(unclear.code)
      const reason = 'Không nêu rõ sự việc.'
      expect((await agencyHere(p).post(`/cases/${id}/refuse`, { ground: 'unclear' })).status).toBe(400)
      expect((await agencyHere(p).post(`/cases/${id}/refuse`, { reason, ground: 'dull' })).status).toBe(422)
      await done(agencyHere(p).post(`/cases/${id}/refuse`, { reason, ground: 'unclear' }))
      expect((await unclear.told()).at(-1)).toMatchObject({
        event: 'refused',
        text: expect.stringMatching(/Không nêu rõ sự việc.*Xin gửi lại phản ánh: tiếng Việt, rõ ràng/),
      })
      expect((await p.office(p.agency(HERE)).got(unclear.code)).map(({ kind }) => kind)).toEqual(['case', 'withdrawal'])
      const refused = await p.caseOf(unclear.code)
      expect(clockOf(refused, 'refuse-or-take')).toEqual({ due: '2026-11-20 17:00', state: 'met', missed: false })
      expect(refused.publishedAt).toBeNull()

      const noticed = async (who: typeof agencyHere) =>
        (await who(p).noticed(forgotten.code)).filter(({ step }) => step === 'refuse-or-take')
      await p.at('2026-11-20 14:50')
      expect(await noticed(agencyHere)).toEqual([])
      await p.at('2026-11-20 15:05')
      expect(await noticed(agencyHere)).toMatchObject([{ event: 'remind' }])
      expect(await noticed(leaderHere)).toEqual([])
    },
  },
]
