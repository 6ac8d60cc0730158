import { expect } from 'vitest'
import { done } from '../support/done.ts'
import type { Scenario } from '../support/scenario.ts'
import { at, clocks, failure, LIGHTS, lacks, OPERATOR, shareOf, TEAM, tellResult } from './city.ts'

/** Sự cố hạ tầng kỹ thuật. */
export const FAILURES: readonly Scenario[] = [
  {
    article: 'Điều 7 khoản 1 điểm a Bước 1',
    name: 'a false report is closed within the hour; one that nobody looks at goes to the unit’s leader',
    watches: ['steps.infra-verify', 'reply'],
    start: '2026-12-09 08:00',
    play: async (p) => {
      const falseOne = await failure(p)
      const left = await failure(p)
      expect(clocks(await p.caseOf(falseOne.code), 'infra-verify')).toMatchObject([
        { agencyId: LIGHTS, from: '2026-12-09 08:00', due: '2026-12-09 09:00', state: 'open' },
      ])
      await p.at('2026-12-09 08:40')
      await done(at(p, falseOne.code, LIGHTS).says('result', { text: 'Đã kiểm tra: không có sự cố (báo giả).' }))
      await tellResult(p, falseOne.code, 'Đã kiểm tra: không có sự cố.')
      const seen = await p.caseOf(falseOne.code)
      expect(seen.status).toBe('answered')
      expect(clocks(seen, 'infra-verify')).toMatchObject([{ state: 'met', missed: false }])
      expect(seen.deadlines.filter(({ state }) => state === 'open')).toEqual([])

      const leader = p.officer('leader', LIGHTS)
      const heard = async () => (await leader.noticed(left.code)).filter(({ step }) => step === 'infra-verify')
      expect(await heard()).toEqual([])
      await p.at('2026-12-09 09:01')
      expect(await heard()).toMatchObject([{ event: 'escalate', level: 1 }])
    },
  },
  {
    article: 'Điều 7 khoản 1 điểm a Bước 2',
    name: 'the managing unit passes it on to a unit of its own within five minutes',
    watches: ['steps.infra-pass-on', 'passingOn'],
    start: '2026-12-09 09:10',
    play: async (p) => {
      const citizen = await failure(p)
      const lights = at(p, citizen.code, LIGHTS)
      await done(lights.says('accept'))
      const accepted = await p.caseOf(citizen.code)
      expect(clocks(accepted, 'infra-verify')).toMatchObject([{ state: 'met' }])
      expect(clocks(accepted, 'infra-pass-on')).toMatchObject([{ state: 'open', due: '2026-12-09 09:15' }])
      await p.at('2026-12-09 09:14')
      await done(lights.says('forward', { agencyId: TEAM, why: 'Đội quản lý địa bàn.' }))
      const passed = await p.caseOf(citizen.code)
      expect(passed.assignments).toMatchObject([
        { agencyId: LIGHTS, state: 'forwarded' },
        { agencyId: TEAM, state: 'delivered', role: 'lead' },
      ])
      expect(clocks(passed, 'infra-pass-on')).toMatchObject([{ state: 'met', missed: false }])
      // The team has its own hour, and what the managing unit owed has ended.
      expect(clocks(passed, 'infra-verify').at(-1)).toMatchObject({ agencyId: TEAM, due: '2026-12-09 10:14' })
      expect(passed.deadlines.filter((d) => d.agencyId === LIGHTS && d.state === 'open')).toEqual([])
    },
  },
  {
    article: 'Điều 7 khoản 1 điểm a Bước 3',
    name: 'looked at within two hours and mended within two more; else the day by which it will be, kept or told on',
    watches: ['steps.infra-site-check', 'steps.infra-fix', 'steps.promised', 'interim', 'coordination'],
    start: '2026-12-09 10:20',
    play: async (p) => {
      const mended = await failure(p)
      const longer = await failure(p)
      for (const { code } of [mended, longer]) await done(at(p, code, LIGHTS).says('accept'))
      expect(clocks(await p.caseOf(mended.code), 'infra-site-check')).toMatchObject([
        { agencyId: LIGHTS, due: '2026-12-09 12:20', state: 'open' },
      ])
      await p.at('2026-12-09 11:00')
      for (const { code } of [mended, longer]) await done(at(p, code, LIGHTS).says('reach', { step: 'site-checked' }))
      const checked = await p.caseOf(mended.code)
      expect(clocks(checked, 'infra-site-check')).toMatchObject([{ state: 'met', missed: false }])
      expect(clocks(checked, 'infra-fix')).toMatchObject([{ state: 'open', due: '2026-12-09 13:00' }])
      await done(at(p, mended.code, LIGHTS).says('coordinate', { agencyId: 'hcmc-dien-luc', question: 'Cắt điện?' }))
      expect((await p.caseOf(mended.code)).assignments.at(-1)).toMatchObject({
        role: 'coordinating',
        state: 'delivered',
      })

      await p.at('2026-12-09 12:31')
      await done(at(p, mended.code, LIGHTS).says('result', { text: 'Đã thay bóng đèn.' }))
      expect(clocks(await p.caseOf(mended.code), 'infra-fix')).toMatchObject([{ state: 'met', missed: false }])

      const reminded = (await p.officer('agency', LIGHTS).noticed(longer.code)).filter(
        ({ event }) => event === 'remind',
      )
      expect(reminded).toMatchObject([{ step: 'infra-fix', at: '2026-12-09 12:31' }])
      await lacks(at(p, longer.code, LIGHTS).says('interim', { text: 'Phải thay cả tủ điện.' }), 'committedFor')
      await done(
        at(p, longer.code, LIGHTS).says('interim', { text: 'Phải thay cả tủ điện.', committedFor: '2026-12-11' }),
      )
      expect((await longer.told()).at(-1)).toMatchObject({
        event: 'interim',
        text: expect.stringContaining('11/12/2026'),
      })
      const promised = await p.caseOf(longer.code)
      expect(clocks(promised, 'infra-fix')).toMatchObject([{ state: 'met' }])
      expect(clocks(promised, 'promised')).toMatchObject([{ state: 'open', due: '2026-12-11 23:59' }])
      await p.at('2026-12-12 00:01')
      expect((await p.officer('leader', LIGHTS).noticed(longer.code)).at(-1)).toMatchObject({
        step: 'promised',
        level: 1,
      })
      await done(at(p, longer.code, LIGHTS).says('result', { text: 'Đã thay tủ điện.' }))
      expect((await p.caseOf(longer.code)).status).toBe('result')
    },
  },
  {
    article: 'Điều 7 khoản 1 điểm b',
    name: 'found complex on the spot: made safe within two hours, mended within eight, with a photo',
    watches: [
      'steps.infra-make-safe',
      'steps.infra-fix-complex',
      'steps.infra-fix',
      'reply',
      'categories.infrastructure',
    ],
    start: '2026-12-14 08:00',
    play: async (p) => {
      const citizen = await failure(p)
      const lights = at(p, citizen.code, LIGHTS)
      await done(lights.says('accept'))
      expect(clocks(await p.caseOf(citizen.code), 'infra-make-safe')).toEqual([])
      await p.at('2026-12-14 09:00')
      await done(lights.says('reach', { step: 'site-checked' }))
      await done(lights.says('reach', { step: 'complex' }))
      const complex = await p.caseOf(citizen.code)
      expect(complex.complex).toBe(true)
      expect(clocks(complex, 'infra-fix')).toMatchObject([{ state: 'cancelled' }])
      expect(clocks(complex, 'infra-make-safe')).toMatchObject([{ state: 'open', due: '2026-12-14 10:00' }])
      expect(clocks(complex, 'infra-fix-complex')).toMatchObject([{ state: 'open', due: '2026-12-14 17:00' }])
      await p.at('2026-12-14 09:30')
      await done(lights.says('reach', { step: 'safe' }))
      expect(clocks(await p.caseOf(citizen.code), 'infra-make-safe')).toMatchObject([{ state: 'met', missed: false }])
      await p.at('2026-12-14 16:50')
      expect((await lights.officer.noticed(citizen.code)).at(-1)).toMatchObject({
        event: 'remind',
        step: 'infra-fix-complex',
      })
      await lacks(lights.says('result', { text: 'Đã dựng lại cột.' }), 'upload')
      await done(lights.says('result', { text: 'Đã dựng lại cột.', upload: await lights.officer.photo() }))
      await tellResult(p, citizen.code, 'Đã dựng lại cột đèn.')
      expect(clocks(await p.caseOf(citizen.code), 'infra-fix-complex')).toMatchObject([{ state: 'met', missed: false }])
      const answer = (await citizen.view()).notices.at(-1)
      expect(answer).toMatchObject({ event: 'answer', files: [{ type: 'image/jpeg' }] })
    },
  },
  {
    article: 'Điều 7 khoản 1 điểm c',
    name: 'another unit’s matter goes back within the hour with reason and finding: to the managing unit, then to 1022',
    watches: ['wrongAuthority', 'steps.infra-return', 'steps.dispatch-again'],
    start: '2026-12-15 08:00',
    play: async (p) => {
      const citizen = await failure(p)
      const [lights, team] = [at(p, citizen.code, LIGHTS), at(p, citizen.code, TEAM)]
      await done(lights.says('forward', { agencyId: TEAM, why: 'Đội quản lý địa bàn.' }))
      expect(clocks(await p.caseOf(citizen.code), 'infra-return').at(-1)).toMatchObject({
        agencyId: TEAM,
        due: '2026-12-15 09:00',
        state: 'open',
      })
      await p.at('2026-12-15 08:30')
      const why = 'Đèn trong khuôn viên do phường quản lý.'
      await lacks(team.says('return', { why }), 'verification')
      const found = { why, verification: 'Đã đến xem: đèn của công viên.', upload: await team.officer.photo() }
      await done(team.says('return', { ...found, proposedAgencyId: 'hcmc-25747' }))
      const above = await p.caseOf(citizen.code)
      expect(above.assignments).toMatchObject([
        { agencyId: LIGHTS, state: 'forwarded' },
        { agencyId: TEAM, state: 'returned', proposedAgencyId: 'hcmc-25747' },
        { agencyId: LIGHTS, state: 'delivered' },
      ])
      expect(above.assignments[1]?.returnReason).toContain('đèn của công viên')
      expect(clocks(above, 'infra-return').map(({ state }) => state)).toEqual(['met', 'met', 'open'])

      await p.at('2026-12-15 08:50')
      await done(lights.says('return', { why: 'Đội đề xuất đúng.', verification: 'Như đội đã xem.' }))
      const back = await p.caseOf(citizen.code)
      expect(back).toMatchObject({ status: 'waiting', waitingFor: 'returned' })
      expect(clocks(back, 'dispatch-again').at(-1)).toMatchObject({ state: 'open', due: '2026-12-15 08:55' })
      await done(p.officer('triage').post(`/cases/${back.id}/assign`, { agencyId: 'hcmc-25747' }))
      const again = await p.caseOf(citizen.code)
      expect(again.assignments.at(-1)).toMatchObject({ agencyId: 'hcmc-25747', state: 'delivered' })
      expect(clocks(again, 'dispatch-again').at(-1)).toMatchObject({ state: 'met', missed: false })
      // Theo quy trình tại điểm a, b: hours of its own.
      expect(clocks(again, 'infra-verify').at(-1)).toMatchObject({ agencyId: 'hcmc-25747', due: '2026-12-15 09:50' })
    },
  },
  {
    article: 'Điều 7 khoản 1 điểm d',
    name: 'of infrastructure and no failure: handled as the second kind, in days and not in hours',
    watches: ['categories'],
    start: '2026-12-15 10:00',
    play: async (p) => {
      const citizen = await failure(p, { content: 'Đề nghị lắp thêm đèn ở hẻm 12.' })
      const { id } = await p.caseOf(citizen.code)
      await done(p.officer('triage').post(`/cases/${id}/correct`, { category: 'society' }))
      const seen = await p.caseOf(citizen.code)
      expect(seen.deadlines.filter((d) => d.state === 'open' && d.step.startsWith('infra'))).toEqual([])
      expect(clocks(seen, 'handle')).toMatchObject([
        { agencyId: LIGHTS, from: '2026-12-15 10:00', due: '2026-12-22 17:00', state: 'open' },
      ])
      expect(await shareOf(p, citizen.code, LIGHTS)).toBe(seen.assignments[0]?.id)
    },
  },
  {
    article: 'Điều 7 khoản 1 điểm e',
    name: 'complex, dangerous and wide: back to the call taker, then to the operator of 1022, who leads and calls in others',
    watches: ['urgent', 'steps.accept-urgent', 'coordination'],
    start: '2026-12-16 08:00',
    play: async (p) => {
      const citizen = await failure(p)
      await done(
        at(p, citizen.code, LIGHTS).says('return', {
          ...{ why: 'Sập hố trên diện rộng, liên quan nhiều đơn vị.', verification: 'Đã đến hiện trường.' },
          proposedAgencyId: OPERATOR,
        }),
      )
      const triage = p.officer('triage')
      const { id } = await p.caseOf(citizen.code)
      await done(triage.post(`/cases/${id}/correct`, { urgentKind: 'dangerous', complex: true }))
      await done(triage.post(`/cases/${id}/assign`, { agencyId: OPERATOR }))
      for (const agencyId of ['hcmc-so-xay-dung', 'hcmc-cap-nuoc'])
        await done(triage.post(`/cases/${id}/assign`, { agencyId, role: 'coordinating' }))
      const seen = await p.caseOf(citizen.code)
      expect(seen.urgent).toBe(true)
      expect(seen.assignments.slice(1)).toMatchObject([
        { agencyId: OPERATOR, role: 'lead' },
        { role: 'coordinating' },
        { role: 'coordinating' },
      ])
      expect(clocks(seen, 'accept-urgent')).toMatchObject([{ due: '2026-12-16 08:05', state: 'open' }])
      // Nobody takes it: whoever is on duty is rung.
      await p.at('2026-12-16 08:06')
      const rung = (await triage.get('/rings')).body.items as readonly { caseId: string }[]
      expect(rung.map(({ caseId }) => caseId)).toEqual([id])
      await p.at('2026-12-16 08:10')
      await done(at(p, citizen.code, OPERATOR).says('accept'))
      expect(clocks(await p.caseOf(citizen.code), 'accept-urgent')).toMatchObject([{ state: 'met', missed: true }])
    },
  },
]
