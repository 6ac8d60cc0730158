import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type TestServer, testServer } from '../../../test/support/server.ts'
import { assignments, cases, reports } from '../tables/index.ts'

/** In Phường Thủ Dầu Một, which was of tỉnh Bình Dương. */
const HERE = { lat: 10.96617, lng: 106.66106 }
const SENDER = { name: 'Trần Thị Mẫu', email: 'mau@example.vn', address: 'Số 12, đường 3/2' }

let t: TestServer
beforeAll(async () => {
  t = await testServer({}, 'hcmc')
})
afterAll(() => t.close())

let senders = 0
/** Each by another person: what one person sends too much of is held. */
async function send(content: string, more: object) {
  const phone = `0${912_000_000 + senders++}`
  const answer = await fetch(`${t.url}/api/v1/reports`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...SENDER, phone, content, ...more }),
  })
  const said = (await answer.json()) as { code: string; errors?: { field: string }[] }
  return { status: answer.status, code: said.code, fields: said.errors?.map(({ field }) => field) }
}

async function outcomeOf(code: string) {
  const { db } = t.ports
  const [found] = await db
    .select({
      waits: cases.waitingFor,
      proposed: cases.proposedAgencyId,
      unit: cases.unitCode,
      to: assignments.agencyId,
    })
    .from(reports)
    .innerJoin(cases, eq(cases.id, reports.caseId))
    .leftJoin(assignments, eq(assignments.caseId, cases.id))
    .where(eq(reports.code, code))
  return found
}

it.each([
  ['Vỡ ống nước', { category: 'infrastructure', field: 'water-supply', ...HERE }, { to: 'hcmc-cap-nuoc', waits: null }],
  ['Mất điện cả hẻm', { category: 'infrastructure', field: 'power' }, { to: 'hcmc-dien-luc', waits: null }],
  ['Ổ gà lớn giữa đường', { category: 'infrastructure', field: 'traffic' }, { to: 'hcmc-so-xay-dung', waits: null }],
  ['Dây cáp thòng xuống đất', { category: 'infrastructure', field: 'telecom' }, { to: 'hcmc-so-khcn', waits: null }],
  ['Hiến kế trồng thêm cây', { category: 'ideas', ...HERE }, { to: 'hcmc-van-phong', waits: null, unit: '25747' }],
  ['Chỉ đạo chậm thực hiện', { category: 'slow-instruction' }, { to: 'hcmc-van-phong', waits: null }],
  [
    'Karaoke làm ồn ban đêm',
    { category: 'society', ...HERE },
    { waits: 'to-dispatch', proposed: 'hcmc-25747', to: null },
  ],
  ['Quán nhậu lấn vỉa hè', { category: 'society' }, { waits: 'no-place', proposed: null, to: null }],
  ['Hư hỏng chưa rõ của ai', { category: 'infrastructure' }, { waits: 'no-field', to: null }],
  ['Không rõ thuộc loại nào', {}, { waits: 'no-category', to: null }],
])('%s', async (content, more, expected) => {
  const { status, code } = await send(content, more)
  expect(status).toBe(201)
  expect(code).toMatch(/^SG-26-/)
  await t.work()
  expect(await outcomeOf(code)).toMatchObject(expected)
})

it.each([
  [{ category: 'roads' }, ['category']],
  [{ category: 'infrastructure', field: 'roads' }, ['field']],
  [{ field: 'power' }, ['field']],
  [{ email: '', address: '' }, ['address', 'email']],
])('the form refuses %j', async (more, fields) => {
  expect(await send('Vỡ ống nước', more)).toMatchObject({ status: 400, fields })
})
