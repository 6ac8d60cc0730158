import { expect } from 'vitest'
import { done, takeRing } from '../support/done.ts'
import type { Scenario } from '../support/scenario.ts'
import { agencyHere, clockOf, HERE, ioc, leaderHere, leadOf, NOWHERE } from './people.ts'

/** Khoản 3: six working days, and what is urgent. */
export const ARTICLE_7_TIME: readonly Scenario[] = [
  {
    article: 'Điều 7 khoản 3',
    name: 'six working days over the holiday of 24/11; reminded before, told “đang giải quyết” after the sixth, brought before those above',
    watches: ['steps.handle', 'steps.answer-reporter', 'steps.refuse-or-take'],
    start: '2026-11-20 16:45',
    play: async (p) => {
      const citizen = await p.report()
      const [seen, watched] = [await p.caseOf(citizen.code), ['handle', 'refuse-or-take']]
      expect(clockOf(seen, 'handle')).toMatchObject({ due: '2026-12-01 17:00', state: 'open' })
      expect(clockOf(seen, 'answer-reporter')).toMatchObject({ due: '2026-12-01 17:00', state: 'open' })
      expect((await citizen.told()).at(-1)?.text).toContain('01/12/2026')
      const noticed = async (who: typeof ioc) =>
        (await who(p).noticed(citizen.code))
          .filter(({ step = '' }) => watched.includes(step))
          .map(({ event, step, level }) => [event, step, level].filter((said) => said !== null).join(' '))
      const told = async () => (await citizen.told()).map(({ event }) => event)

      await p.at('2026-11-24 00:05')
      expect(await noticed(leaderHere)).toEqual(['escalate refuse-or-take 1'])
      await p.at('2026-11-30 12:00')
      expect(await noticed(agencyHere)).toEqual(['remind refuse-or-take'])
      await p.at('2026-11-30 17:05')
      expect(await noticed(agencyHere)).toEqual(['remind refuse-or-take', 'remind handle'])
      await p.at('2026-12-01 16:50')
      expect(await told()).toEqual(['received', 'forwarded'])
      expect(await noticed(leaderHere)).toHaveLength(1)
      await p.at('2026-12-01 17:05')
      expect(await told()).toEqual(['received', 'forwarded', 'in-progress'])
      expect((await citizen.told()).at(-1)).toMatchObject({
        at: '2026-12-01 17:05',
        text: expect.stringContaining('đang được giải quyết'),
      })
      expect(await noticed(leaderHere)).toEqual(['escalate refuse-or-take 1', 'escalate handle 1'])
      expect(await noticed(ioc)).toEqual([])
      await p.at('2026-12-02 17:05')
      expect(await noticed(ioc)).toEqual(['escalate handle 2'])
      const late = await p.caseOf(citizen.code)
      for (const step of ['handle', 'answer-reporter'])
        expect(clockOf(late, step)).toMatchObject({ state: 'open', missed: true })
    },
  },
  {
    article: 'Điều 7 khoản 3',
    name: 'urgent, and no office has it in three minutes: whoever is on duty is rung until a person takes it',
    watches: ['urgent.noOfficeAfterMinutes', 'urgent.ring'],
    start: '2026-12-03 20:00',
    play: async (p) => {
      const first = p.officer('triage')
      const second = ioc(p)
      await done(first.post(`/duty/${p.profile.id}`, { userIds: [await first.id(), await second.id()] }))
      const { code } = await p.report({
        ...NOWHERE,
        urgent: 'fire',
        content: 'Cháy rừng lan sát nhà dân, khói đen mù mịt',
      })
      const rung = async (who: typeof first) => (await who.noticed(code)).filter(({ event }) => event === 'ring').length
      await p.at('2026-12-03 20:02')
      expect([await rung(first), await rung(second)]).toEqual([0, 0])
      await p.at('2026-12-03 20:04')
      expect([await rung(first), await rung(second)]).toEqual([1, 0])
      await p.at('2026-12-03 20:10')
      expect([await rung(first), await rung(second)]).toEqual([1, 1])
      const { id } = await p.caseOf(code)
      await takeRing(second, id)
      await done(first.post(`/cases/${id}/assign`, { agencyId: p.agency(HERE) }))
      await done(agencyHere(p).post(`/assignments/${leadOf(await p.caseOf(code)).id}/accept`))
      await p.at('2026-12-03 20:30')
      expect([await rung(first), await rung(second)]).toEqual([1, 1])
    },
  },
  {
    article: 'Điều 7 khoản 3',
    name: 'urgent, its office has it and nobody accepts in fifteen minutes: rung, and brought before the centre; then it is handled at once',
    watches: ['urgent.acceptWithinMinutes', 'steps.accept-urgent', 'steps.handle-urgent'],
    start: '2026-12-03 21:00',
    play: async (p) => {
      const duty = ioc(p)
      await done(p.officer('triage').post(`/duty/${p.profile.id}`, { userIds: [await duty.id()] }))
      const { code } = await p.report({ urgent: 'accident' })
      expect(await p.office(p.agency(HERE)).got(code)).toMatchObject([{ urgent: true }])
      expect(clockOf(await p.caseOf(code), 'accept-urgent')).toMatchObject({ due: '2026-12-03 21:15', state: 'open' })
      const noticed = async (who: typeof duty, event: string) =>
        (await who.noticed(code)).filter((one) => one.event === event).map(({ step }) => step)
      await p.at('2026-12-03 21:14')
      expect(await noticed(duty, 'ring')).toEqual([])
      await p.at('2026-12-03 21:16')
      expect(await noticed(duty, 'ring')).toHaveLength(1)
      const { id } = await p.caseOf(code)
      await takeRing(duty, id)
      await p.at('2026-12-03 21:31')
      expect(await noticed(duty, 'escalate')).toEqual(['accept-urgent'])

      await p.office(p.agency(HERE)).says(code, 'taken')
      expect(clockOf(await p.caseOf(code), 'accept-urgent')).toMatchObject({ state: 'met', missed: true })
      expect(clockOf(await p.caseOf(code), 'handle-urgent')).toMatchObject({ due: '2026-12-03 21:31', state: 'open' })
      await p.at('2026-12-03 22:33')
      expect(await noticed(leaderHere(p), 'escalate')).toEqual(['handle-urgent'])
      await p.at('2026-12-03 23:33')
      expect(await noticed(duty, 'escalate')).toEqual(['accept-urgent', 'handle-urgent'])
      await done(agencyHere(p).post(`/assignments/${leadOf(await p.caseOf(code)).id}/reach`, { step: 'safe' }))
      expect(clockOf(await p.caseOf(code), 'handle-urgent')).toMatchObject({ state: 'met', missed: true })
    },
  },
]
