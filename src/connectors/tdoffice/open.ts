import type { ConnectorContext } from '../connector.ts'
import type { Driver } from './driver.ts'
import { lgspRest } from './lgsp-rest.ts'
import type { TdofficeSettings } from './settings.ts'

const DRIVERS: Readonly<Record<TdofficeSettings['transport'], (ctx: ConnectorContext<TdofficeSettings>) => Driver>> = {
  'lgsp-rest': lgspRest,
}

export function openDriver(ctx: ConnectorContext<TdofficeSettings>): Driver {
  return DRIVERS[ctx.settings.transport](ctx)
}
