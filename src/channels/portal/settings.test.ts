import { expect, it } from 'vitest'
import { portal } from './index.ts'
import { PortalSettings } from './settings.ts'

const KEY = { clientId: 'dien-bien-smart', clientSecret: 'not-a-real-secret-of-an-app-000001' }
const SECRET = 'whsec_bm90IGEgcmVhbCBzZWNyZXQgb2YgYW4gYXBw'
const HOOK = { webhookUrl: 'https://app.example/changes', webhookSecret: SECRET }

it.each<[string, object]>([
  ['nobody’s', {}],
  ['an app’s that asks', KEY],
  ['an app’s that is told', { ...KEY, ...HOOK }],
  ['an app’s that changes over to another secret', { ...KEY, ...HOOK, webhookSecretBefore: SECRET }],
  ['an app’s inside', { ...KEY, ...HOOK, webhookUrl: 'http://10.0.0.7/changes', allow: ['10.0.0.0/8'] }],
])('takes settings that are whole: %s', (_, settings) => {
  expect(PortalSettings.safeParse(settings).success).toBe(true)
})

it.each<[string, object, string]>([
  ['a secret of nobody', { clientSecret: KEY.clientSecret }, 'clientId'],
  ['an id without a secret', { clientId: KEY.clientId }, 'clientSecret'],
  ['a secret that can be guessed', { ...KEY, clientSecret: 'secret' }, 'clientSecret'],
  ['an id that Basic cannot carry', { ...KEY, clientId: 'a:b:c' }, 'clientId'],
  ['an address of nobody', HOOK, 'clientId'],
  ['an address, and nothing to sign with', { ...KEY, webhookUrl: HOOK.webhookUrl }, 'webhookSecret'],
  ['something to sign with, and no address', { ...KEY, webhookSecret: SECRET }, 'webhookUrl'],
  ['a secret before, and none now', { ...KEY, webhookSecretBefore: SECRET }, 'webhookSecret'],
  ['a secret that no library takes', { ...KEY, ...HOOK, webhookSecret: `whsec_${'?'.repeat(40)}` }, 'webhookSecret'],
  ['clear text over the internet', { ...KEY, ...HOOK, webhookUrl: 'http://app.example/changes' }, 'webhookUrl'],
  ['no web address', { ...KEY, ...HOOK, webhookUrl: 'ftp://app.example/' }, 'webhookUrl'],
])('says which setting is wrong: %s', (_, settings, path) => {
  expect(PortalSettings.safeParse(settings).error?.issues.map((issue) => issue.path.join('.'))).toContain(path)
})

it('has a client where a key is, and none where anybody fills in the form', () => {
  expect(portal.client?.(PortalSettings.parse(KEY))).toEqual({ id: KEY.clientId, secret: KEY.clientSecret })
  expect(portal.client?.(PortalSettings.parse({}))).toBeUndefined()
})
