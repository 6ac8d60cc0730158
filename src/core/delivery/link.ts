import type { AnyConnector, ConnectorContext } from '../../connectors/connector.ts'
import type { ExchangeTrace } from '../../platform/outgoing/http.ts'
import type { Ports } from '../act.ts'
import { openSettings } from '../settings/sealed.ts'
import type { links } from '../tables/index.ts'

/** A link's settings with their secrets, and the guarded way out that it may use. */
export function openLink(
  ports: Ports,
  connector: AnyConnector,
  link: typeof links.$inferSelect,
  trace: (trace: ExchangeTrace) => void,
): ConnectorContext<unknown> {
  const { settings, secretValues } = openSettings(ports.secrets, connector, { of: 'link', ...link })
  const allow = (settings as { allow?: unknown }).allow
  return {
    settings,
    at: ports.clock.now(),
    http: ports.outgoing({
      timeoutMs: connector.limits.timeoutMs,
      ...(connector.limits.maxAnswerBytes !== undefined && { maxAnswerBytes: connector.limits.maxAnswerBytes }),
      allow: Array.isArray(allow) ? allow.map(String) : [],
      secrets: secretValues,
      trace,
    }),
  }
}
