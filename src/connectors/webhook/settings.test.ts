import { describe, expect, it } from 'vitest'
import { WebhookSettings } from './settings.ts'

const SECRET = `whsec_${Buffer.from('an invented secret of 32 bytes!!').toString('base64')}`

const SETTINGS = {
  url: 'https://office.example/paht/deliveries',
  secret: SECRET,
  callbackSecret: SECRET,
  lookupUrl: 'https://office.example/paht/deliveries/{key}',
}

describe('settings', () => {
  it.each<[string, object]>([
    ['no secret', { secret: undefined }],
    ['a secret without its prefix', { secret: SECRET.slice(6) }],
    ['a secret that is no Base64', { secret: `whsec_${'ă'.repeat(40)}` }],
    ['a secret of 16 bytes', { secret: `whsec_${Buffer.alloc(16).toString('base64')}` }],
    ['an address that is none', { url: 'office.example' }],
    ['an address of another scheme', { url: 'file:///etc/passwd' }],
    ['a look-up without {key}', { lookupUrl: 'https://office.example/paht' }],
    ['a look-up whose host is the key', { lookupUrl: 'https://{key}.example/' }],
    ['a network that is none', { allow: ['10.0.0.1'] }],
    ['clear text over the internet', { url: 'http://office.example/' }],
    ['a look-up in clear text', { lookupUrl: 'http://office.example/{key}' }],
    ['a field nobody knows', { retries: 3 }],
  ])('refuse %s', (_, change) => {
    expect(WebhookSettings.safeParse({ ...SETTINGS, ...change }).success).toBe(false)
  })

  it.each<[string, object]>([
    ['nothing optional', { callbackSecret: undefined, lookupUrl: undefined }],
    ['clear text into a named network', { url: 'http://10.1.2.3:8080/in', allow: ['10.0.0.0/8', 'fd00::/8'] }],
    ['the longest secret', { secret: `whsec_${Buffer.alloc(64).toString('base64')}` }],
  ])('take %s', (_, change) => {
    expect(WebhookSettings.safeParse({ ...SETTINGS, ...change }).error).toBeUndefined()
  })
})
