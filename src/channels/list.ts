import type { AnyChannel } from './channel.ts'
import { portal } from './portal/index.ts'

/** Every channel of the product; a new one is a folder and a line here. */
export const channels: readonly AnyChannel[] = [portal]
