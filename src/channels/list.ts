import type { AnyChannel } from './channel.ts'
import { email } from './email/index.ts'
import { facebook } from './facebook/index.ts'
import { hotline } from './hotline/index.ts'
import { open311 } from './open311/index.ts'
import { portal } from './portal/index.ts'
import { sms } from './sms/index.ts'
import { zalo } from './zalo/index.ts'

/** Every channel of the product by its kind; a new one is a folder and a word here. */
const BY_KIND = { portal, email, facebook, sms, zalo, hotline, open311 } satisfies Readonly<Record<string, AnyChannel>>
export type ChannelKind = keyof typeof BY_KIND

export const channels: readonly AnyChannel[] = Object.values(BY_KIND)
