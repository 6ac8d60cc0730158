import { changedAt } from '../../core/clients/client-sources.ts'
import type { Language } from '../../platform/locales/locales.ts'
import type { Intake } from '../citizen/intake.ts'
import type { Document } from './answer.ts'
import { clientsOf } from './client.ts'
import { written } from './times.ts'

/** Where clients find us. FixMyStreet puts its paths behind the address as it is, so that ends in a slash. */
export async function discover(on: Intake, language: Language): Promise<Document> {
  const { ports, translate } = on
  const clients = await clientsOf(on)
  const provinces = [...new Set(clients.map(({ profile }) => profile.name))].join(', ')
  const changeset = written(await changedAt(ports, clients))
  const endpoint = {
    specification: 'http://wiki.open311.org/GeoReport_v2',
    url: `${ports.publicUrl}/open311/v2/`,
    changeset,
    type: 'production',
    formats: ['text/xml', 'application/json'],
  }
  return {
    root: 'discovery',
    holds: {
      changeset,
      contact: translate(language, 'open311:contact', { provinces, url: ports.publicUrl }),
      key_service: translate(language, 'open311:key-service'),
      endpoints: [endpoint],
    },
  }
}
