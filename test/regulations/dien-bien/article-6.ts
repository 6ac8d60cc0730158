import { expect } from 'vitest'
import { done } from '../support/done.ts'
import { hour } from '../support/province.ts'
import type { Scenario } from '../support/scenario.ts'
import { clockOf, ioc, leadOf, NOWHERE, TUAN_GIAO } from './people.ts'

const TO = 'UBND xã Tuần Giáo'

export const ARTICLE_6: readonly Scenario[] = [
  {
    article: 'Điều 6',
    name: 'classified by place and sent on at once to the commune in charge; the citizen hears to whom and by when',
    watches: ['routing', 'steps.auto-forward'],
    start: '2026-11-17 09:00',
    play: async (p) => {
      const citizen = await p.report(TUAN_GIAO)
      const seen = await p.caseOf(citizen.code)
      expect(seen.assignments).toMatchObject([{ agencyId: p.agency(TO), role: 'lead', state: 'delivered' }])
      expect(seen.deliveries).toMatchObject([{ state: 'taken' }])
      expect(await p.office(p.agency(TO)).got(citizen.code)).toMatchObject([{ kind: 'case', urgent: false }])
      expect(clockOf(seen, 'auto-forward')).toEqual({ due: '2026-11-17 09:03', state: 'met', missed: false })
      const [received, forwarded] = await citizen.told()
      expect(received).toMatchObject({ event: 'received', at: '2026-11-17 09:00' })
      // The law's six working days: 24/11 is a holiday.
      expect(forwarded).toMatchObject({ event: 'forwarded', at: '2026-11-17 09:00' })
      expect(forwarded?.text).toMatch(/UBND xã Tuần Giáo.*26\/11\/2026/)
    },
  },
  {
    article: 'Điều 6',
    name: 'without a place it waits at the centre, which asks; one working day, then the centre is told that nobody did',
    watches: ['steps.ask-place'],
    start: '2026-11-17 09:10',
    play: async (p) => {
      const citizen = await p.report({
        ...NOWHERE,
        content: 'Rác chất đống bốc mùi hôi thối cạnh nhà tôi mấy tuần nay',
      })
      const seen = await p.caseOf(citizen.code)
      expect(seen).toMatchObject({ status: 'waiting', waitingFor: 'no-place', assignments: [] })
      expect(clockOf(seen, 'ask-place')).toMatchObject({ due: '2026-11-18 17:00', state: 'open' })
      await p.at('2026-11-18 16:50')
      const late = async () => (await ioc(p).noticed(citizen.code)).filter(({ step }) => step === 'ask-place')
      expect(await late()).toEqual([])
      await p.at('2026-11-18 17:05')
      expect(await late()).toMatchObject([{ event: 'escalate', level: 2 }])

      const question = 'Xin cho biết chỗ đó ở xã, phường nào?'
      await done(p.officer('triage').post(`/cases/${seen.id}/ask`, { text: question }))
      expect((await citizen.told()).at(-1)).toMatchObject({ event: 'asked', text: expect.stringContaining(question) })
      expect((await citizen.add('Ở xã Tuần Giáo, sau chợ')).status).toBe(201)
      const then = await p.caseOf(citizen.code)
      expect(leadOf(then)).toMatchObject({ agencyId: p.agency(TO), state: 'delivered' })
      expect(hour(leadOf(then).assignedAt)).toBe('2026-11-18 17:05')
    },
  },
  {
    article: 'Điều 6',
    name: 'whoever writes of no place by text message is asked for it at once, and their answer leads to the commune in charge',
    watches: ['routing.unknown', 'report.silence', 'report.insufficient.holds'],
    start: '2026-11-18 17:10',
    play: async (p) => {
      const telephones = await p.telephones()
      const telephone = '+84912000606'
      await telephones.write(telephone, 'Sạt lở đất chặn hết đường vào bản')
      await telephones.write(telephone, 'xe không qua được')
      expect(telephones.got(telephone)).toHaveLength(1)
      await p.at('2026-11-18 17:12')
      expect(telephones.got(telephone).at(-1)).toMatch(/thông tin: sự việc ở đâu [^;]*\. /)
      const [code] = /DB-26-\w{4}-\w{4}/.exec(telephones.got(telephone)[0]!)!
      expect(await p.caseOf(code)).toMatchObject({ status: 'asked', assignments: [] })
      await telephones.write(telephone, 'ở xã Tuần Giáo, gần trạm y tế')
      await p.at('2026-11-18 17:14')
      expect(leadOf(await p.caseOf(code))).toMatchObject({ agencyId: p.agency(TO), state: 'delivered' })
      expect((await p.office(p.agency(TO)).got(code))[0]!.text).toMatch(/Sạt lở đất.*xe không qua được.*trạm y tế/s)
      await telephones.off()
    },
  },
]
