import { type ChannelContract, phoneOf } from './contract.ts'

const keyOf = (mark: string) => `not-a-real-key-${mark}`

export const open311: ChannelContract = {
  about: {
    receives:
      'requests and updates of programs that speak Open311 GeoReport v2, such as FixMyStreet, with photos along or behind `media_url`',
    verifies:
      'every field, at once; the client by its `api_key`. It proves by `attribute[fixmystreet_id]` or `Idempotency-Key` that it says the same again',
    reconciles: 'nothing: who got no answer sends again under the same id',
    sends: 'nothing: the client asks, for its requests and for updates to them',
    limits: '10,000 characters of a description, 20 files of 25 MB, 600 calls a minute from one address',
  },
  ways: [
    {
      way: 'form',
      name: 'a client that speaks Open311',
      documentation: 'open311.md',
      settings: (mark) => ({ jurisdictionId: 'contract.example', apiKey: keyOf(mark) }),
      path: '/open311/v2/requests.xml',
      signed: 'not',
      sentAs: 'urlencoded',
      report: ({ person, text }) => ({
        ...{ jurisdiction_id: 'contract.example', api_key: keyOf('own'), service_code: 'general' },
        ...{
          first_name: 'Lò',
          last_name: 'Văn Mẫu',
          phone: phoneOf(person),
          address_string: 'số 7',
          description: text,
        },
      }),
    },
  ],
}
