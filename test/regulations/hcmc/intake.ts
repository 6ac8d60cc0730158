import { expect } from 'vitest'
import { done } from '../support/done.ts'
import type { Scenario } from '../support/scenario.ts'
import { clocks, failure, LIGHTS, OFFICE, report, textMessages, WARD } from './city.ts'

/** Điều 1 đến Điều 6. */
export const INTAKE: readonly Scenario[] = [
  {
    article: 'Điều 1 khoản 1 điểm c',
    name: 'complaints, denunciations and administrative rules belong elsewhere, and the rules say where',
    watches: ['scope'],
    start: '2026-12-01 07:56',
    play: async ({ profile }) => {
      const { excluded } = profile.versions.at(-1)!.scope
      expect(excluded.map(({ id }) => id)).toEqual(['complaint-or-denunciation', 'administrative-rules'])
      for (const { guidance } of excluded) expect(guidance.vi).toMatch(/^(Khiếu nại|Phản ánh, kiến nghị)/)
    },
  },
  {
    article: 'Điều 2 khoản 1',
    name: 'the seven ways in, as data',
    watches: ['channels'],
    start: '2026-12-01 07:57',
    play: async ({ profile }) => {
      expect(profile.versions.at(-1)!.channels.map(({ kind, address }) => [kind, address])).toEqual([
        ['hotline', '1022'],
        ['hotline', '0888.247.247'],
        ['portal', '1022.tphcm.gov.vn'],
        ['email', '1022@tphcm.gov.vn'],
        ['email', 'duongdaynong@tphcm.gov.vn'],
        ['app', undefined],
        ['facebook', 'https://www.facebook.com/1022tphcm'],
      ])
    },
  },
  {
    article: 'Điều 2 khoản 1',
    name: 'who calls 1022 is written down while they speak, hears the code, and is told by text message like everybody',
    watches: [],
    start: '2026-12-01 07:58',
    play: async (p) => {
      const telephones = await p.telephones()
      const phone = '+84903000210'
      const call = {
        ...{ source: '1022', name: 'Đoàn Văn Gọi', phone, content: 'Đèn tín hiệu ở ngã tư tắt từ sáng.' },
        ...{ category: 'infrastructure', field: 'lighting', address: 'Số 12, đường 3/2, phường Thủ Dầu Một' },
        ...{ lat: 10.96617, lng: 106.66106 },
      }
      const { status, body } = await p.officer('operator').post('/calls', call)
      expect([status, body.message]).toEqual([201, expect.stringContaining(body.code)])
      const seen = await p.caseOf(body.code)
      expect(seen.reports).toMatchObject([{ channel: 'hotline', askedFor: null }])
      expect(seen.assignments).toMatchObject([{ agencyId: LIGHTS, state: 'delivered' }])
      expect(telephones.got(phone).map((text) => text.includes(body.code))).toEqual([true, true])
      await telephones.off()
    },
  },
  {
    article: 'Điều 2 khoản 5',
    name: 'a person takes in, at any hour',
    watches: ['intake'],
    start: '2026-12-01 07:59',
    play: async ({ profile }) => {
      expect(profile.versions.at(-1)!.intake).toMatchObject({ by: 'officer', agency: 'operator', open: 'always' })
    },
  },
  {
    article: 'Điều 3 khoản 6',
    name: 'the call taker refuses what is abusive or not for 1022, and the sender hears why; an agency cannot refuse',
    watches: ['report.refuse', 'scope'],
    start: '2026-12-01 08:00',
    play: async (p) => {
      const citizen = await report(p, { content: 'Một lời chửi bới.' })
      const { id } = await p.caseOf(citizen.code)
      const triage = p.officer('triage')
      expect((await triage.post(`/cases/${id}/refuse`, { guidance: 'Xin gửi lại.' })).status).toBe(400)
      await p.at('2026-12-01 08:03')
      await done(
        triage.post(`/cases/${id}/refuse`, {
          reason: 'Phản ánh có ngôn từ lăng mạ.',
          guidance: 'Xin gửi lại với nội dung phù hợp.',
        }),
      )
      const seen = await p.caseOf(citizen.code)
      expect(seen.status).toBe('refused')
      expect(clocks(seen, 'dispatch')).toMatchObject([{ state: 'met', missed: false }])
      expect((await citizen.told()).at(-1)).toMatchObject({
        event: 'refused',
        at: '2026-12-01 08:03',
        text: expect.stringContaining('Phản ánh có ngôn từ lăng mạ.'),
      })

      const other = await failure(p)
      const words = { reason: 'Không phải việc của chúng tôi.', guidance: 'Xin gửi nơi khác.' }
      const refused = await p.officer('agency', LIGHTS).post(`/cases/${(await p.caseOf(other.code)).id}/refuse`, words)
      expect(refused.status).toBe(403)
    },
  },
  {
    article: 'Điều 3 khoản 6',
    name: 'the grounds of refusal, and what a sender is told who left something out, as data',
    watches: ['report.refuse.grounds', 'report.insufficient'],
    start: '2026-12-01 08:05',
    play: async ({ profile }) => {
      const { refuse, insufficient } = profile.versions.at(-1)!.report
      expect(refuse.grounds.map(({ id }) => id)).toEqual(['abusive', 'not-per-regulation', 'unlawful'])
      expect(insufficient).toMatchObject({
        do: 'ask-back',
        guidance: { vi: expect.stringMatching('họ và tên') },
      })
    },
  },
  {
    article: 'Điều 4',
    name: 'what may be reported is one of four kinds, and nothing else',
    watches: ['categories'],
    start: '2026-12-01 08:10',
    play: async (p) => {
      for (const category of ['infrastructure', 'society', 'ideas', 'slow-instruction']) {
        const citizen = await report(p, { category })
        expect((await p.caseOf(citizen.code)).category).toBe(category)
      }
      const { status, body } = await p.send({ email: 'khac@example.vn', category: 'administrative-rules' })
      expect({ status, field: body.errors[0].field }).toEqual({ status: 400, field: 'category' })
    },
  },
  {
    article: 'Điều 5',
    name: 'name, telephone, address, email and content are demanded; secrecy, photos and kind are not',
    watches: ['report'],
    start: '2026-12-01 08:20',
    play: async (p) => {
      for (const field of ['name', 'phone', 'address', 'email', 'content']) {
        const { status, body } = await p.send({ email: 'du@example.vn', [field]: '' })
        expect({ status, fields: body.errors?.map((e: { field: string }) => e.field) }).toEqual({
          status: 400,
          fields: [field],
        })
      }
      const citizen = await report(p, { identitySecret: true })
      const [own] = (await p.caseOf(citizen.code)).reports
      expect(own).toMatchObject({ identitySecret: true, contentSecret: false })
    },
  },
  {
    article: 'Điều 5',
    name: 'what lacks something is asked back for it, and goes on when it came',
    watches: ['report.insufficient', 'steps.dispatch-completed'],
    start: '2026-12-01 08:30',
    play: async (p) => {
      const citizen = await report(p, { category: 'society', content: 'Ồn ào quá, xin xử lý giúp.' })
      const { id } = await p.caseOf(citizen.code)
      await done(p.officer('triage').post(`/cases/${id}/ask`, { text: 'Xin cho biết số nhà.' }))
      expect(clocks(await p.caseOf(citizen.code), 'dispatch')).toMatchObject([{ state: 'met' }])
      expect((await citizen.told()).at(-1)).toMatchObject({ event: 'asked', text: expect.stringContaining('số nhà') })
      await p.at('2026-12-01 09:00')
      expect((await citizen.add('Nhà số 12, ngay đầu hẻm.')).status).toBe(201)
      const seen = await p.caseOf(citizen.code)
      expect(seen.status).not.toBe('asked')
      expect(clocks(seen, 'dispatch-completed')).toMatchObject([{ state: 'open', due: '2026-12-01 09:05' }])
      await done(p.officer('triage').post(`/cases/${id}/assign`, { agencyId: WARD }))
      expect(clocks(await p.caseOf(citizen.code), 'dispatch-completed')).toMatchObject([{ state: 'met' }])
    },
  },
  {
    article: 'Điều 5',
    name: 'who writes without a form is asked for what is missing and for nothing else; their next message completes the report',
    watches: ['report.insufficient', 'report.elsewhere', 'report.silence'],
    start: '2026-12-01 09:01',
    play: async (p) => {
      const telephones = await p.telephones()
      const [waiting, going] = ['+84903000415', '+84903000416']
      const codeOf = (telephone: string) => /[A-Z]+-\d\d-\w{4}-\w{4}/.exec(telephones.got(telephone)[0]!)![0]
      // Two messages of one breath.
      await telephones.write(waiting, 'Nước ngập nhà dân từ đêm qua')
      await telephones.write(waiting, 'mà chưa thấy ai xuống.')
      expect(telephones.got(waiting)).toHaveLength(1)
      await p.at('2026-12-01 09:03')
      expect(telephones.got(waiting).at(-1)).toMatch(/sự việc ở đâu [^;]*; họ và tên\. /)
      expect(await p.caseOf(codeOf(waiting))).toMatchObject({ status: 'asked' })
      // What can be handled goes on meanwhile.
      await telephones.write(going, 'Cây xanh gãy nhánh trước số 12 đường 3/2, phường Thủ Dầu Một')
      await p.at('2026-12-01 09:05')
      expect(telephones.got(going).at(-1)).toMatch(/thông tin: họ và tên\. /)
      expect((await p.caseOf(codeOf(going))).status).not.toBe('asked')

      await telephones.write(waiting, 'Ông Ngô Văn Nước, số 7 đường Thích Quảng Đức, phường Thủ Dầu Một')
      await p.at('2026-12-01 09:07')
      const seen = await p.caseOf(codeOf(waiting))
      expect(seen.status).not.toBe('asked')
      expect(seen.reports).toMatchObject([{ askedFor: ['place', 'name'], answeredAt: expect.any(String) }])
      expect(seen.reports[0]!.text.split('\n')).toHaveLength(3)
      await telephones.off()
    },
  },
  {
    article: 'Điều 6 khoản 1',
    name: 'failures go to the unit that keeps the network, the second kind to the ward, ideas and slow instructions to Văn phòng',
    watches: ['routing', 'handling', 'intake'],
    start: '2026-12-01 09:10',
    play: async (p) => {
      const keepers = {
        traffic: 'hcmc-so-xay-dung',
        'water-supply': 'hcmc-cap-nuoc',
        drainage: LIGHTS,
        trees: LIGHTS,
        lighting: LIGHTS,
        power: 'hcmc-dien-luc',
        telecom: 'hcmc-so-khcn',
      }
      for (const [field, agencyId] of Object.entries(keepers)) {
        const citizen = await failure(p, { field })
        const [lead] = (await p.caseOf(citizen.code)).assignments
        expect(lead, field).toMatchObject({ agencyId, role: 'lead', state: 'delivered' })
      }
      for (const category of ['ideas', 'slow-instruction']) {
        const citizen = await report(p, { category })
        expect((await p.caseOf(citizen.code)).assignments, category).toMatchObject([
          { agencyId: OFFICE, state: 'delivered' },
        ])
      }
      const citizen = await report(p, { category: 'society' })
      const seen = await p.caseOf(citizen.code)
      expect(seen).toMatchObject({ waitingFor: 'to-dispatch', proposedAgencyId: WARD, assignments: [] })
      await done(p.officer('triage').post(`/cases/${seen.id}/assign`, { agencyId: WARD }))
      expect((await p.caseOf(citizen.code)).assignments).toMatchObject([{ agencyId: WARD, state: 'delivered' }])
      expect(await citizen.told()).toMatchObject([{ event: 'received' }, { event: 'forwarded' }])
    },
  },
  {
    article: 'Điều 6 khoản 1 Bước 2',
    name: 'with the dispatch the sender is told by text message that it is recorded and in hand',
    watches: ['notices.forwarded'],
    start: '2026-12-01 09:40',
    play: async (p) => {
      const citizen = await failure(p)
      expect(textMessages(await p.caseOf(citizen.code), citizen.code)).toEqual([
        { event: 'forwarded', state: 'waiting', at: '2026-12-01 09:40' },
      ])
      await p.at('2026-12-01 09:50')
      const other = await report(p, { category: 'society' })
      const seen = await p.caseOf(other.code)
      expect(textMessages(seen, other.code)).toEqual([])
      await p.at('2026-12-01 09:54')
      await done(p.officer('triage').post(`/cases/${seen.id}/assign`, { agencyId: WARD }))
      expect(textMessages(await p.caseOf(other.code), other.code)).toEqual([
        { event: 'forwarded', state: 'waiting', at: '2026-12-01 09:54' },
      ])
      // The number is there: what waited goes out, and what comes now does so at once.
      const telephones = await p.telephones()
      const next = await failure(p)
      for (const { phone, code } of [citizen, other, next])
        expect(telephones.got(phone).filter((text) => text.includes(code) && text.includes('chuyển'))).toHaveLength(1)
      await telephones.off()
    },
  },
  {
    article: 'Điều 6 khoản 2',
    name: 'five minutes from receipt to dispatch, on Sunday night as on a working day; then the operator hears of it',
    watches: ['steps.dispatch'],
    start: '2026-12-06 23:10',
    play: async (p) => {
      const inTime = await report(p, { category: 'society' })
      const late = await report(p, { category: 'society' })
      await p.at('2026-12-06 23:14')
      const triage = p.officer('triage')
      const dispatch = async (code: string) =>
        done(triage.post(`/cases/${(await p.caseOf(code)).id}/assign`, { agencyId: WARD }))
      await dispatch(inTime.code)
      const due = { from: '2026-12-06 23:10', due: '2026-12-06 23:15' }
      expect(clocks(await p.caseOf(inTime.code), 'dispatch')).toMatchObject([{ ...due, state: 'met', missed: false }])
      const escalated = async () =>
        (await p.officer('operator').noticed(late.code)).filter(({ step }) => step === 'dispatch')
      expect(await escalated()).toEqual([])
      await p.at('2026-12-06 23:16')
      expect(await escalated()).toMatchObject([{ event: 'escalate', level: 2, at: '2026-12-06 23:16' }])
      await dispatch(late.code)
      expect(clocks(await p.caseOf(late.code), 'dispatch')).toMatchObject([{ ...due, state: 'met', missed: true }])
    },
  },
  {
    article: 'Điều 6 khoản 3',
    name: 'what leads to no unit goes to the operator, who says within an hour whose it is',
    watches: ['routing.unknown', 'steps.unknown-agency'],
    start: '2026-12-07 08:00',
    play: async (p) => {
      const citizen = await report(p, { content: 'Có vật lạ trôi trên kênh.' })
      const seen = await p.caseOf(citizen.code)
      expect(seen).toMatchObject({ status: 'waiting', waitingFor: 'no-category', assignments: [] })
      expect(clocks(seen, 'unknown-agency')).toMatchObject([{ from: '2026-12-07 08:00', due: '2026-12-07 09:00' }])
      await p.at('2026-12-07 09:01')
      const lines = (await p.caseOf(citizen.code)).history.filter(
        ({ kind, body }) => kind === 'deadline.marked' && body['level'] === 3,
      )
      expect(lines).toHaveLength(1)
      await done(
        p.officer('triage').post(`/cases/${seen.id}/correct`, { category: 'infrastructure', field: 'drainage' }),
      )
      const now = await p.caseOf(citizen.code)
      expect(now.assignments).toMatchObject([{ agencyId: LIGHTS, state: 'delivered' }])
      expect(clocks(now, 'unknown-agency')).toMatchObject([{ state: 'met', missed: true }])

      // Its place is said and leads to no ward: the operator knows the city, and nobody is asked.
      const telephones = await p.telephones()
      const nowhere = { address: 'Số 12 đường 3/2', lat: undefined, lng: undefined }
      const unplaced = await report(p, { category: 'society', content: 'Loa kéo hát suốt đêm.', ...nowhere })
      expect(await p.caseOf(unplaced.code)).toMatchObject({ status: 'waiting', waitingFor: 'no-place' })
      expect(telephones.got(unplaced.phone)).toHaveLength(1)
      await telephones.off()
    },
  },
  {
    article: 'Điều 6 khoản 4',
    name: 'of one matter the first report goes on; later senders hear at once that it is in hand, get the result and may rate',
    watches: ['repeats', 'notices.repeated'],
    start: '2026-12-08 08:00',
    play: async (p) => {
      const content = 'Quán karaoke ở góc đường mở loa rất to tới hai giờ sáng, cả khu phố mất ngủ nhiều đêm liền.'
      const first = await report(p, { category: 'society', content })
      await p.at('2026-12-08 08:02')
      const second = await report(p, { category: 'society', content: `${content} Xin xử lý sớm.` })
      const { id } = await p.caseOf(first.code)
      const joined = await p.caseOf(second.code)
      expect(joined).toMatchObject({ status: 'joined', joinedTo: id, assignments: [] })
      expect(clocks(joined, 'dispatch')).toMatchObject([{ state: 'met', missed: false }])
      expect((await second.told()).at(-1)).toMatchObject({ event: 'repeated', at: '2026-12-08 08:02' })
      expect(textMessages(joined, second.code)).toEqual([
        { event: 'repeated', state: 'waiting', at: '2026-12-08 08:02' },
      ])

      await done(p.officer('triage').post(`/cases/${id}/assign`, { agencyId: WARD }))
      const third = await report(p, { category: 'society', content: `${content} Mong được trả lời.` })
      expect((await p.caseOf(third.code)).joinedTo).toBe(id)
      expect((await third.told()).at(-1)).toMatchObject({ event: 'forwarded', at: '2026-12-08 08:02' })
      expect(textMessages(await p.caseOf(third.code), third.code)).toMatchObject([{ event: 'forwarded' }])

      const ward = p.officer('agency', WARD)
      const [share] = (await p.caseOf(first.code)).assignments
      await done(
        ward.post(`/assignments/${share!.id}/result`, { text: 'Đã nhắc nhở.', handledAt: '2026-12-07T22:00:00Z' }),
      )
      await done(p.officer('triage').post(`/cases/${id}/reply`, { text: 'Đã lập biên bản, yêu cầu hạ âm lượng.' }))
      for (const citizen of [first, second, third]) {
        expect((await citizen.told()).at(-1)).toMatchObject({ event: 'answer' })
        expect((await citizen.rate('satisfied')).status).toBe(200)
      }
      expect((await p.caseOf(first.code)).ratings).toHaveLength(3)
    },
  },
]
