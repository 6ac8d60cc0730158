import { expect, it } from 'vitest'
import { channelContext } from '../../../test/support/channel-context.ts'
import type { HttpAnswer } from '../../platform/outgoing/http.ts'
import type { Demands, Envelope } from '../channel.ts'
import { fetchMedia } from './fetch.ts'
import { form, readOpen311 } from './form.ts'
import { Open311Settings } from './settings.ts'

/** What a province may demand of its own form, and GeoReport lets nobody demand. */
const DEMANDS: Demands = { required: ['name', 'phone', 'content'], oneOf: [['email', 'address']], urgent: ['fire'] }
const REQUEST = { service_code: ['general'], description: ['Cháy'], lat: ['21.4'], long: ['103.05'] }
const envelopeOf = (sent: object): Envelope => ({
  ...{ event: 'key:1', contentType: 'application/x-www-form-urlencoded', files: [] },
  body: Buffer.from(JSON.stringify(sent)),
})

it.each<[string, Record<string, string[]>]>([
  ['a request', REQUEST],
  [
    'one with all that clients send',
    { ...REQUEST, phone: ['1'], email: ['none'], 'attribute[uprn]': ['7', ''], media_url: ['https://a.example/b'] },
  ],
  [
    'an update',
    {
      update_id: ['7'],
      status: ['FIXED'],
      description: ['Xong'],
      service_code: ['whatever'],
      'media_url[]': ['https://a.example/b'],
    },
  ],
  ['a name that means something to programs', { ...REQUEST, ['__proto__']: ['x'], constructor: ['y'] }],
])('what was checked is what is read from its envelope: %s', async (_, sent) => {
  const checked = form.check(sent, DEMANDS)
  if ('problems' in checked) throw new Error(JSON.stringify(checked.problems))
  expect([checked.submitted(envelopeOf(sent))]).toEqual(await readOpen311(envelopeOf(sent)))
})

it.each<[string, Record<string, string[]>, string[]]>([
  [
    'a request under a key of the client’s and its own id',
    { ...REQUEST, 'attribute[fixmystreet_id]': ['9'] },
    ['key:1', 'own:9'],
  ],
  ['a request under a key alone', REQUEST, ['key:1']],
  ['an update', { update_id: ['9'], description: ['a'] }, ['update:9']],
])('is known by every id that it may come again under: %s', async (_, sent, keys) => {
  expect(await readOpen311(envelopeOf(sent))).toMatchObject([{ keys }])
})

it.each<[unknown]>([[undefined], [null], ['text'], [[]], [{ description: 'no list' }], [{ description: [1] }], [{}]])(
  'what is no form is told so, and does not throw: %j',
  (body) => {
    expect(form.check(body, DEMANDS)).toMatchObject({
      problems: expect.arrayContaining([{ field: 'description', problem: 'missing' }]),
    })
  },
)

it.each<[number, string]>([
  [200, 'bytes'],
  [301, 'rejected'],
  [401, 'rejected'],
  [404, 'rejected'],
  [429, 'throttled'],
  [500, 'unreachable'],
])('a file behind a link that answers %i: %s', async (status, becomes) => {
  const answer: HttpAnswer = { status, headers: { 'content-type': 'image/png' }, body: Buffer.from('a') }
  const settings = Open311Settings.parse({ jurisdictionId: 'a.example', apiKey: 'a'.repeat(16) })
  const context = channelContext(settings, { http: { request: async () => answer } })
  const got = await fetchMedia({ ref: 'https://a.example/b', name: 'b' }, context)
  expect('fault' in got ? got.fault : Object.keys(got)[0]).toBe(becomes)
})
