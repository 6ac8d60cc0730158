import { expect, it } from 'vitest'
import type { Envelope, Form } from '../channel.ts'
import { portal } from './index.ts'

const form = portal.intakes.find((intake): intake is Form => intake.intake === 'form')!
const DEMANDS = { required: ['content'], oneOf: [], urgent: ['fire'] }

it.each<[string, Record<string, unknown>]>([
  ['JSON', { name: ' Lò Văn Mẫu ', phone: '0912 345 678', content: 'Cháy', lat: 21.4, lng: 103.05, urgent: 'fire' }],
  [
    'text fields of a form',
    { content: 'Ổ gà', lat: '21,4', lng: '103.05', identitySecret: 'on', title: '', email: '' },
  ],
])('what was checked is what is read from its envelope: %s', async (_, sent) => {
  const files = [{ id: 'a', print: 'b', name: 'c.jpg', type: 'image/jpeg', size: 1 }]
  const body = Buffer.from(JSON.stringify(sent))
  const envelope: Envelope = { event: 'key:1', contentType: 'application/json', body, files }
  const checked = form.check(sent, DEMANDS)
  if ('problems' in checked) throw new Error(JSON.stringify(checked.problems))
  expect([checked.submitted(envelope)]).toEqual(await portal.read(envelope, portal.settings.parse({})))
})

it('says all that is wrong, the first of each field', () => {
  const checked = form.check({ content: ' ', phone: '12', urgent: 'boredom', lat: 1 }, DEMANDS)
  expect(checked).toMatchObject({
    problems: [
      { field: 'content', problem: 'missing' },
      { field: 'lat', problem: 'half-pin' },
      { field: 'phone', problem: 'not-a-phone' },
    ],
  })
})
