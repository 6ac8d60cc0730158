import { type ChannelContract, phoneOf } from './contract.ts'

export const portal: ChannelContract = {
  about: {
    receives: 'reports that citizens fill in, on the province’s own form or in an app, with photos and films',
    verifies:
      'every field, at once; nobody signs in to the form, an app does with a key of its own (OAuth 2 client credentials). A client proves by its `Idempotency-Key` that it says the same again',
    reconciles: 'nothing: who got no answer sends again under the same key',
    sends:
      'to the form’s reporters nothing: their way back is the view, by code and link. To an app’s server each change as a signed webhook ([Standard Webhooks](https://www.standardwebhooks.com)), also of a status of which nobody else hears',
    limits:
      'as each field says in [`openapi.json`](../openapi.json); four calls at a time to an app’s server, which may be away for seven days; 410 says that a user has left',
  },
  ways: [
    {
      way: 'form',
      name: 'the province’s form',
      documentation: '../openapi.json',
      settings: () => ({}),
      path: '/api/v1/reports',
      signed: 'not',
      report: ({ person, text }) => ({ name: 'Lò Văn Mẫu', phone: phoneOf(person), content: text }),
    },
    {
      way: 'form',
      name: 'a province’s app',
      documentation: 'app.md',
      settings: (mark) => ({
        ...{ clientId: `app-of-contract${mark}`, clientSecret: `not-a-real-secret-of-an-app-000-${mark}` },
        webhookUrl: 'https://app.example/changes',
        webhookSecret: `whsec_${Buffer.from(`not a real secret ${mark}`.padEnd(30, '.')).toString('base64')}`,
        webhookSecretBefore: `whsec_${Buffer.from(`not a real one before ${mark}`.padEnd(30, '.')).toString('base64')}`,
      }),
      path: '/api/v1/reports',
      signed: 'as-app',
      report: ({ person, text }) => ({
        ...{ name: 'Lò Văn Mẫu', phone: phoneOf(person), content: text, userId: `user-${person}` },
      }),
    },
  ],
}
