import { expect } from 'vitest'
import { done } from '../support/done.ts'
import type { Scenario } from '../support/scenario.ts'
import { agencyHere, answerHere, clockOf, HERE, ioc, leaderHere, leadOf } from './people.ts'

export const ARTICLES_8_TO_14: readonly Scenario[] = [
  {
    article: 'Điều 8 khoản 1',
    name: 'the citizen answers back to have the result made clearer; it is weighed by an officer',
    watches: [],
    start: '2026-12-17 08:00',
    play: async (p) => {
      const citizen = await p.report()
      await answerHere(p, citizen.code, 'Đã kiểm tra.')
      expect((await citizen.add('Kiểm tra ở chỗ nào, xin nói rõ?')).status).toBe(201)
      const { items } = (await p.officer('triage').get('/cases?status=waiting')).body
      expect(items[0]).toMatchObject({
        waitingFor: 'after-answer',
        title: expect.stringContaining('Kiểm tra ở chỗ nào'),
      })
    },
  },
  {
    article: 'Điều 8 khoản 2, 3',
    name: 'rated by three values and no other, after the answer and not before; the centre and the agency hear of who is not content',
    watches: ['rating'],
    start: '2026-12-17 08:10',
    play: async (p) => {
      const citizen = await p.report()
      expect((await citizen.rate('satisfied')).status).toBe(409)
      await answerHere(p, citizen.code, 'Đã làm xong.')
      expect((await citizen.view()).rating?.scale).toEqual([
        { id: 'satisfied', name: 'Hài lòng' },
        { id: 'acceptable', name: 'Chấp nhận được' },
        { id: 'not-satisfied', name: 'Không hài lòng' },
      ])
      expect((await citizen.rate('very-satisfied')).status).toBe(422)
      for (const value of ['satisfied', 'acceptable']) expect((await citizen.rate(value)).status).toBe(200)
      expect((await p.caseOf(citizen.code)).ratings).toMatchObject([{ value: 'acceptable', round: 0 }])
      expect((await citizen.view()).rating?.given).toBe('acceptable')

      const unhappy = await p.report()
      await answerHere(p, unhappy.code, 'Đã làm xong.')
      await unhappy.rate('not-satisfied', 'Chưa xong.')
      for (const who of [ioc, agencyHere])
        expect((await who(p).noticed(unhappy.code)).filter(({ event }) => event === 'disputed')).toHaveLength(1)
      // The agency weighs whether to make it clearer: nothing begins anew by itself.
      expect((await p.caseOf(unhappy.code)).status).toBe('rated')
    },
  },
  {
    article: 'Điều 9',
    name: 'hidden on a ground of Điều 5 it is not public, and nobody is let off: clocks run, the centre is told, its sender is answered',
    watches: ['hiding'],
    start: '2026-12-17 08:20',
    play: async (p) => {
      const citizen = await p.report()
      const { id } = await p.caseOf(citizen.code)
      const why = 'Có lời lẽ thoá mạ.'
      const hide = (ground: string) => agencyHere(p).post(`/cases/${id}/hide`, { ground, why })
      expect((await hide('we-are-busy')).status).toBe(422)
      await done(hide('abusive'))
      const hidden = await p.caseOf(citizen.code)
      expect(hidden.hidden).toBe(true)
      expect(clockOf(hidden, 'handle')).toMatchObject({ due: '2026-12-25 17:00', state: 'open' })
      expect((await ioc(p).noticed(citizen.code)).filter(({ event }) => event === 'hidden')).toMatchObject([
        { values: { ground: 'abusive', why } },
      ])
      await answerHere(p, citizen.code, 'Đã xử lý.')
      expect((await citizen.told()).at(-1)).toMatchObject({ event: 'answer' })
      expect((await p.caseOf(citizen.code)).publishedAt).toBeNull()
    },
  },
  {
    article: 'Điều 10 khoản 1',
    name: 'content, time, place and result are kept and can be shown; photos for six months at least',
    watches: ['retention.media'],
    start: '2026-12-17 08:30',
    play: async (p) => {
      const citizen = await p.report({ address: 'Tổ dân phố 5' })
      await answerHere(p, citizen.code, 'Đã làm xong.')
      const seen = await p.caseOf(citizen.code)
      expect(seen.reports).toMatchObject([
        { address: 'Tổ dân phố 5', lat: expect.any(Number), receivedAt: expect.any(String) },
      ])
      expect(leadOf(seen).answer).toBe('Đã làm xong.')
      expect(seen.history.map(({ kind }) => kind)).toEqual(
        expect.arrayContaining([
          'case.opened',
          'case.assigned',
          'delivery.taken',
          'assignment.answered',
          'case.replied',
        ]),
      )
      for (const { retention } of p.profile.versions)
        expect(retention.media).toMatchObject({ months: 6, atLeast: true })
    },
  },
  {
    article: 'Điều 10 khoản 2',
    name: 'an agency’s own software is tied in: it gets the matter, and what it says is heard',
    watches: [],
    start: '2026-12-17 08:40',
    play: async (p) => {
      const { code } = await p.report()
      await p.office(p.agency(HERE)).says(code, 'taken')
      expect((await p.caseOf(code)).status).toBe('accepted')
    },
  },
  {
    article: 'Điều 11 khoản 1',
    name: 'the centre sees every matter with its clocks, and what is late',
    watches: [],
    start: '2026-12-17 08:50',
    play: async (p) => {
      const { code } = await p.report()
      const { items } = (await ioc(p).get(`/cases?code=${code}`)).body
      expect((await ioc(p).get(`/cases/${items[0].id}`)).body.deadlines.length).toBeGreaterThan(0)
    },
  },
  {
    article: 'Điều 11 khoản 3',
    name: 'what is reported each month, quarter, year and on demand, and where overdue and unsettled matters stand',
    watches: ['reports', 'steps.handle'],
    start: '2026-12-17 09:00',
    play: async (p) => {
      for (const { reports } of p.profile.versions)
        expect(reports.map(({ every }) => every)).toEqual(['month', 'quarter', 'year', 'on-demand'])
      const { code } = await p.report()
      await p.at('2026-12-29 00:05')
      expect(clockOf(await p.caseOf(code), 'handle')).toMatchObject({ state: 'open', missed: true })
    },
  },
  {
    article: 'Điều 12 khoản 1',
    name: 'the leader in charge of an agency hears of what is late there, and no other agency’s',
    watches: [],
    start: '2026-12-29 08:00',
    play: async (p) => {
      const { code } = await p.report()
      await p.at('2026-12-31 00:05')
      const late = (await leaderHere(p).noticed(code)).filter(({ event }) => event === 'escalate')
      expect(late).toMatchObject([{ step: 'refuse-or-take', level: 1 }])
      const elsewhere = p.officer('leader', p.agency('UBND xã Tuần Giáo'))
      const { items } = (await elsewhere.get('/officer-notices?limit=200')).body as { items: { caseId: string }[] }
      const { id } = await p.caseOf(code)
      expect(items.filter(({ caseId }) => caseId === id)).toEqual([])
    },
  },
]
