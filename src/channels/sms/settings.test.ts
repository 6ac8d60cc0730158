import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { TWILIO } from '../../../test/support/sms.ts'
import { sms } from './index.ts'

const GATEWAY = {
  provider: 'gateway',
  hookSecret: 'not-a-real-secret',
  fields: { id: 'id', from: 'from', text: 'text' },
}
const sending = { url: 'https://gateway.example/' }

describe('settings', () => {
  it.each<readonly [what: string, settings: object, at: string | undefined]>([
    ['of Twilio', TWILIO, undefined],
    ['of a gateway', { ...GATEWAY, sending }, undefined],
    ['of nobody', { provider: 'other' }, 'provider'],
    ['of Twilio with no sender', { ...TWILIO, number: undefined }, 'number'],
    ['of Twilio with a secret of the other', { ...TWILIO, hookSecret: 'not-a-real-secret' }, 'hookSecret'],
    ['of Twilio in clear text', { ...TWILIO, apiUrl: 'http://10.1.2.3' }, 'apiUrl'],
    ['of Twilio in clear text at home', { ...TWILIO, apiUrl: 'http://10.1.2.3', allow: ['10.0.0.0/8'] }, undefined],
    ['with a national number', { ...TWILIO, number: '0912345678' }, 'number'],
    ['that can tell no two messages apart', { ...GATEWAY, fields: { from: 'from', text: 'text' } }, 'fields'],
    ['with a template of something else', { ...GATEWAY, sending: { ...sending, body: '{{phone}}' } }, 'sending.body'],
    ['that send in clear text', { ...GATEWAY, sending: { url: 'http://gateway.example/' } }, 'sending.url'],
  ])('%s', (_, settings, at) => {
    expect(sms.settings.safeParse(settings).error?.issues[0]?.path.join('.')).toBe(at)
  })

  it('make a form for each provider that knows which fields are secret', () => {
    const { oneOf } = z.toJSONSchema(sms.settings, { io: 'input' }) as {
      oneOf: { properties: Record<string, { title?: string; secret?: boolean; not?: object }> }[]
    }
    const fields = oneOf.flatMap(({ properties }) =>
      Object.entries(properties).filter(([, { not }]) => not === undefined),
    )
    expect(fields.filter(([, { secret }]) => secret).map(([name]) => name)).toEqual(sms.secrets)
    expect(fields.filter(([, { title }]) => !title)).toEqual([])
  })
})
