import type { Channel } from '../channel.ts'
import { form, readPortal } from './form.ts'
import { checkApp, sender } from './send.ts'
import { PortalSettings } from './settings.ts'

/** The province's own web form, and its apps: programs that fill it in for their users. */
export const portal: Channel<PortalSettings> = {
  kind: 'portal',
  settings: PortalSettings,
  secrets: ['clientSecret', 'webhookSecret', 'webhookSecretBefore'],
  client: ({ clientId, clientSecret }) =>
    clientId === undefined || clientSecret === undefined ? undefined : { id: clientId, secret: clientSecret },
  limits: ({ phoneHourly, addressMinutely }) => ({ phoneHourly, addressMinutely }),
  intakes: [form],
  read: readPortal,
  send: sender,
  check: checkApp,
}
