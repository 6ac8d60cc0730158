import { type ChannelContract, phoneOf } from './contract.ts'

export const portal: ChannelContract = {
  about: {
    receives: 'reports that citizens fill in, with photos and films',
    verifies:
      'every field, at once; nobody signs in. A client proves by its `Idempotency-Key` that it says the same again',
    reconciles: 'nothing: who got no answer sends again under the same key',
    sends: 'nothing: the way back is the reporter’s view, by code and link',
    limits: 'as each field says in [`openapi.json`](../openapi.json)',
  },
  ways: [
    {
      way: 'form',
      name: 'the province’s form',
      documentation: '../openapi.json',
      settings: () => ({}),
      path: '/api/v1/reports',
      signedIn: false,
      report: ({ person, text }) => ({ name: 'Lò Văn Mẫu', phone: phoneOf(person), content: text }),
    },
  ],
}
