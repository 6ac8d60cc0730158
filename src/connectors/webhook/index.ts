import { DELIVERY_KINDS } from '../../core/words.ts'
import type { Connector } from '../connector.ts'
import { check, deliver, lookup } from './deliver.ts'
import { WebhookSettings } from './settings.ts'
import { updates } from './updates.ts'

/** Any office software that can take a signed POST (https://www.standardwebhooks.com). */
export const webhook: Connector<WebhookSettings> = {
  kind: 'webhook',
  settings: WebhookSettings,
  secrets: ['secret', 'callbackSecret'],
  takes: DELIVERY_KINDS,
  // Standard Webhooks advises 15 to 30 s; an office is one server behind a ministry's firewall, not a platform.
  limits: { perSecond: 10, concurrency: 4, timeoutMs: 15_000 },
  deliver,
  lookup,
  // The office keeps our key by the contract of the README, so sending again is harmless; asking first is kinder.
  whenUnknown: ({ lookupUrl }) => (lookupUrl === undefined ? 'again' : 'lookup'),
  updates: [updates],
  check,
}
