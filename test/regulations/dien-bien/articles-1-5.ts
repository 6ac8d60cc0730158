import { expect } from 'vitest'
import { done } from '../support/done.ts'
import type { Scenario } from '../support/scenario.ts'
import { agencyHere, HERE, ioc, leadOf, TUAN_GIAO } from './people.ts'

const URGENT = ['disaster', 'fire', 'accident', 'theft', 'public-order']

export const ARTICLES_1_TO_5: readonly Scenario[] = [
  {
    article: 'Điều 1 khoản 1',
    name: 'a matter of any field, sent by anybody, is taken and goes to the commune in charge',
    watches: [],
    start: '2026-11-16 08:10',
    play: async (p) => {
      const citizen = await p.report({ content: 'Trạm y tế phường thiếu ghế ngồi cho người già, bà con phải đứng chờ' })
      expect(leadOf(await p.caseOf(citizen.code)).agencyId).toBe(p.agency(HERE))
    },
  },
  {
    article: 'Điều 2 khoản 1',
    name: 'complaints, denunciations and legal advice are not taken: the citizen hears which door is the right one',
    watches: ['scope.excluded'],
    start: '2026-11-16 08:15',
    play: async (p) => {
      for (const [ground, door] of [
        ['complaint', 'Luật Khiếu nại'],
        ['denunciation', 'Luật Tố cáo'],
        ['legal-advice', 'Sở Tư pháp'],
      ] as const) {
        const citizen = await p.report()
        const { id } = await p.caseOf(citizen.code)
        await done(
          agencyHere(p).post(`/cases/${id}/refuse`, { reason: 'Không thuộc phạm vi phản ánh hiện trường.', ground }),
        )
        expect((await citizen.told()).at(-1)).toMatchObject({ event: 'refused', text: expect.stringContaining(door) })
      }
    },
  },
  {
    article: 'Điều 2 khoản 2',
    name: 'five kinds of matter are urgent, and no other',
    watches: ['urgent.kinds'],
    start: '2026-11-16 08:20',
    play: async (p) => {
      for (const urgent of URGENT) {
        const { code } = await p.report({ urgent })
        expect(await p.caseOf(code)).toMatchObject({ urgent: true, urgentKind: urgent })
        // Somebody is there at once: nobody need be rung.
        await done(agencyHere(p).post(`/assignments/${leadOf(await p.caseOf(code)).id}/accept`))
        await done(agencyHere(p).post(`/assignments/${leadOf(await p.caseOf(code)).id}/reach`, { step: 'safe' }))
      }
      const refused = await p.send({ urgent: 'noise' })
      expect(refused).toMatchObject({ status: 400, body: { errors: [{ field: 'urgent' }] } })
    },
  },
  {
    article: 'Điều 2 khoản 3',
    name: 'the portal is where the citizen sends and sees what became of it; officers and the centre have faces of their own',
    watches: [],
    start: '2026-11-16 08:30',
    play: async (p) => {
      const citizen = await p.report()
      expect(await citizen.view()).toMatchObject({ code: citizen.code, statusText: 'Đã chuyển xử lý' })
      for (const officer of [agencyHere(p), ioc(p)])
        expect((await officer.get(`/cases?code=${citizen.code}`)).body.items).toHaveLength(1)
      const elsewhere = p.officer('agency', p.agency('UBND xã Tuần Giáo'))
      expect((await elsewhere.get(`/cases?code=${citizen.code}`)).body.items).toEqual([])
    },
  },
  {
    article: 'Điều 4 khoản 2',
    name: 'received at any hour: at half past eleven at night it has its code and is with its office',
    watches: [],
    start: '2026-11-16 23:30',
    play: async (p) => {
      const citizen = await p.report()
      expect(citizen.code).toMatch(/^DB-26-/)
      expect(await p.office(p.agency(HERE)).got(citizen.code)).toHaveLength(1)
      expect((await citizen.told())[0]).toMatchObject({
        event: 'received',
        at: expect.stringMatching(/^2026-11-16 23:3/),
      })
    },
  },
  {
    article: 'Điều 5 khoản 4',
    name: 'name, telephone and content are demanded, all that is missing said at once; a mail address is not',
    watches: ['report.required'],
    start: '2026-11-17 07:30',
    play: async (p) => {
      const { status, body } = await p.send({ name: '', phone: '', content: '' })
      expect(status).toBe(400)
      expect(body.errors?.map(({ field }: { field: string }) => field).sort()).toEqual(['content', 'name', 'phone'])
      expect((await p.send({ email: '' })).status).toBe(201)
    },
  },
  {
    article: 'Điều 5 khoản 5',
    name: 'who reported is kept secret, though they did not ask for it; an agency learns it by their yes, for its own share alone',
    watches: ['secrecy.identity'],
    start: '2026-11-17 08:00',
    play: async (p) => {
      const citizen = await p.report({ name: 'Vừ Thị Kín', phone: '0915550237' })
      const [here, there] = [p.agency(HERE), p.agency('UBND xã Tuần Giáo')]
      const { id } = leadOf(await p.caseOf(citizen.code))
      await done(agencyHere(p).post(`/assignments/${id}/coordinate`, { agencyId: there, question: 'Đường nào?' }))
      const known = async () =>
        [...(await p.office(here).got(citizen.code)), ...(await p.office(there).got(citizen.code))].filter(
          ({ reporter, text }) => reporter !== undefined || /Kín|0915550237/.test(text),
        )
      expect(await known()).toEqual([])

      const purpose = 'hẹn giờ xuống kiểm tra'
      await done(agencyHere(p).post(`/assignments/${id}/ask-identity`, { purpose }))
      expect((await citizen.told()).at(-1)).toMatchObject({
        event: 'consent',
        text: expect.stringMatching(new RegExp(`${HERE}.*${purpose}`)),
      })
      expect(await known()).toEqual([])

      expect((await citizen.consent(true)).status).toBe(200)
      const [told, ...others] = await known()
      expect(others).toEqual([])
      expect(told).toMatchObject({ kind: 'addition', reporter: expect.stringContaining('Vừ Thị Kín') })
      expect((await p.office(here).got(citizen.code)).at(-1)).toEqual(told)
      expect((await p.caseOf(citizen.code)).consents).toMatchObject([
        { agencyId: here, purpose, state: 'given', proof: 'view' },
      ])
    },
  },
  {
    article: 'Điều 5 khoản 7',
    name: 'a matter sent again by the same person is one case, and the office hears of one',
    watches: ['repeats.matching'],
    start: '2026-11-17 08:20',
    play: async (p) => {
      const first = await p.report({
        ...TUAN_GIAO,
        phone: '0915550301',
        content: 'Cột điện nghiêng sắp đổ trước cổng trường tiểu học',
      })
      const again = await p.report({
        ...TUAN_GIAO,
        phone: '0915550301',
        content: 'Cột điện nghiêng sắp đổ trước cổng trường tiểu học xã',
      })
      const [one, other] = [await p.caseOf(first.code), await p.caseOf(again.code)]
      expect(other).toMatchObject({ status: 'joined', joinedTo: one.id })
      const kinds = (await p.office(p.agency('UBND xã Tuần Giáo')).got(first.code)).map(({ kind }) => kind)
      expect(kinds).toEqual(['case', 'addition'])
      expect((await again.told()).map(({ event }) => event)).toEqual(['received', 'forwarded'])
    },
  },
]
