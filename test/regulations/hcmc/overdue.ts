import { expect } from 'vitest'
import { done, takeRing } from '../support/done.ts'
import type { CaseSeen, Province } from '../support/province.ts'
import type { Scenario } from '../support/scenario.ts'
import { at, dispatched, failure, OFFICE, OPERATOR, report, WARD } from './city.ts'

const POWER = 'hcmc-dien-luc'

/** An hour, and what a clock has given by then: remind, or the level that it went to. */
type Given = readonly [time: string, given: 'remind' | 1 | 2 | 3]

interface RunsOut {
  readonly step: string
  readonly article: string
  readonly start: string
  /** Gives the code of a case whose clock runs from now on. */
  readonly begin: (p: Province) => Promise<string>
  readonly gives: readonly Given[]
}

/** A failure that its unit took on and about which it says this, in turn. */
const reached =
  (...steps: readonly ('complex' | 'site-checked')[]): RunsOut['begin'] =>
  async (p) => {
    const { code } = await failure(p, { field: 'power' })
    const { says } = at(p, code, POWER)
    await done(says('accept'))
    for (const step of steps) await done(says('reach', { step }))
    return code
  }

async function forwarded(p: Province, category: string): Promise<string> {
  const { code } = await report(p, { category })
  await done(at(p, code, OFFICE).says('forward', { agencyId: 'hcmc-so-xay-dung', why: 'Theo chức năng.' }))
  return code
}

const CLOCKS: readonly RunsOut[] = [
  {
    step: 'dispatch-completed',
    article: 'Điều 6 khoản 2',
    start: '2027-02-15 09:00',
    begin: async (p) => {
      const citizen = await report(p, { category: 'society' })
      const { id } = await p.caseOf(citizen.code)
      await done(p.officer('triage').post(`/cases/${id}/ask`, { text: 'Xin cho biết số nhà.' }))
      await citizen.add('Số nhà 12.')
      return citizen.code
    },
    gives: [['2027-02-15 09:06', 2]],
  },
  {
    step: 'dispatch-again',
    article: 'Điều 6 khoản 2',
    start: '2027-02-15 09:10',
    begin: async (p) => {
      const { code } = await dispatched(p)
      await done(at(p, code, WARD).says('return', { why: 'Không thuộc địa bàn.' }))
      return code
    },
    gives: [['2027-02-15 09:16', 2]],
  },
  {
    step: 'infra-site-check',
    article: 'Điều 7 khoản 1 điểm a Bước 3',
    start: '2027-02-16 08:00',
    begin: reached(),
    gives: [
      ['2027-02-16 09:31', 'remind'],
      ['2027-02-16 10:01', 1],
    ],
  },
  {
    step: 'infra-fix',
    article: 'Điều 7 khoản 1 điểm a Bước 3',
    start: '2027-02-17 08:00',
    begin: reached('site-checked'),
    gives: [
      ['2027-02-17 09:31', 'remind'],
      ['2027-02-17 10:01', 1],
      ['2027-02-17 12:01', 2],
    ],
  },
  {
    step: 'infra-make-safe',
    article: 'Điều 7 khoản 1 điểm b',
    start: '2027-02-18 08:00',
    begin: reached('complex'),
    gives: [
      ['2027-02-18 09:31', 'remind'],
      ['2027-02-18 10:01', 1],
    ],
  },
  {
    step: 'infra-fix-complex',
    article: 'Điều 7 khoản 1 điểm b',
    start: '2027-02-19 08:00',
    begin: reached('complex', 'site-checked'),
    gives: [
      ['2027-02-19 15:01', 'remind'],
      ['2027-02-19 16:01', 1],
      ['2027-02-19 20:01', 2],
    ],
  },
  {
    step: 'promised',
    article: 'Điều 7 khoản 2 điểm b',
    start: '2027-02-22 09:00',
    begin: async (p) => {
      const { code } = await dispatched(p)
      const ward = at(p, code, WARD)
      const upload = await ward.officer.photo()
      await done(ward.says('interim', { text: 'Đang xác minh.', committedFor: '2027-02-25', upload }))
      return code
    },
    gives: [
      ['2027-02-25 00:01', 'remind'],
      ['2027-02-26 00:01', 1],
      ['2027-02-26 17:01', 2],
    ],
  },
  {
    step: 'office-dispatch',
    article: 'Điều 7 khoản 3 Bước 1',
    start: '2027-03-01 09:00',
    begin: async (p) => (await report(p, { category: 'ideas' })).code,
    gives: [
      ['2027-03-02 15:01', 'remind'],
      ['2027-03-02 17:01', 1],
      ['2027-03-02 17:01', 2],
    ],
  },
  {
    step: 'handle-by-instruction',
    article: 'Điều 7 khoản 3',
    start: '2027-03-03 09:00',
    begin: (p) => forwarded(p, 'slow-instruction'),
    gives: [
      ['2027-03-14 00:01', 'remind'],
      ['2027-03-16 00:01', 1],
      ['2027-03-18 00:01', 2],
    ],
  },
  {
    step: 'handle-by-instruction-together',
    article: 'Điều 7 khoản 3',
    start: '2027-03-22 09:00',
    begin: async (p) => {
      const code = await forwarded(p, 'slow-instruction')
      const { id } = await p.caseOf(code)
      await done(p.officer('triage').post(`/cases/${id}/assign`, { agencyId: WARD, role: 'coordinating' }))
      return code
    },
    gives: [
      ['2027-04-05 00:01', 'remind'],
      ['2027-04-07 00:01', 1],
      ['2027-04-09 00:01', 2],
    ],
  },
  {
    step: 'accept-urgent',
    article: 'Điều 7 khoản 1 điểm e',
    start: '2027-04-12 08:00',
    begin: async (p) => (await failure(p, { field: 'power', urgent: 'dangerous' })).code,
    gives: [['2027-04-12 08:16', 3]],
  },
]

const given = (seen: CaseSeen, step: string) =>
  seen.history
    .filter(({ kind, body }) => kind === 'deadline.marked' && body['step'] === step)
    .map(({ body }) => (body['do'] === 'escalate' ? body['level'] : body['do']))

/** Giám sát, đôn đốc, nhắc nhở (Điều 14 khoản 1): every clock that nobody stops says so, at its time and not before. */
export const OVERDUE: readonly Scenario[] = [
  {
    article: 'Điều 14 khoản 1',
    name: 'a dangerous matter that no unit has rings whoever is on duty, one after the other, until a person takes it',
    watches: ['urgent'],
    start: '2027-02-15 08:00',
    play: async (p) => {
      const [first, second] = [p.officer('operator'), p.officer('triage')]
      await done(second.post('/duty/hcmc', { userIds: [await first.id(), await second.id()] }))
      const citizen = await report(p, { category: 'society', urgent: 'dangerous' })
      const { id } = await p.caseOf(citizen.code)
      const rung = async () =>
        (await Promise.all([first, second].map((one) => one.noticed(citizen.code)))).map(
          (all) => all.filter(({ event }) => event === 'ring').length,
        )
      expect(await rung()).toEqual([0, 0])
      await p.at('2027-02-15 08:04')
      expect(await rung()).toEqual([1, 0])
      await p.at('2027-02-15 08:10')
      expect(await rung()).toEqual([1, 1])
      await takeRing(second, id)
      await done(second.post(`/cases/${id}/assign`, { agencyId: OPERATOR }))
      await p.at('2027-02-15 08:30')
      expect(await rung()).toEqual([1, 1])
    },
  },
  ...CLOCKS.map(
    ({ step, article, start, begin, gives }): Scenario => ({
      article: 'Điều 14 khoản 1',
      name: `nobody does ${step} (${article}): those who must hear of it before its time, at it and after`,
      watches: [`steps.${step}`],
      start,
      play: async (p) => {
        const code = await begin(p)
        const soFar: (string | number)[] = []
        for (const [i, [time, one]] of gives.entries()) {
          if (gives[i - 1]?.[0] !== time) {
            expect(given(await p.caseOf(code), step), `before ${time}`).toEqual(soFar)
            await p.at(time)
          }
          soFar.push(one)
        }
        expect(given(await p.caseOf(code), step)).toEqual(soFar)
      },
    }),
  ),
]
