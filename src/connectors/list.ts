import type { AnyConnector } from './connector.ts'
import { tdoffice } from './tdoffice/index.ts'
import { webhook } from './webhook/index.ts'

/** Every connector of the product; a new one is a folder and a line here. */
export const connectors: readonly AnyConnector[] = [webhook, tdoffice]
