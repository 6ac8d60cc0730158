import type { ChannelKind } from '../../src/channels/list.ts'
import type { ChannelContract } from './contract.ts'
import { email } from './email.ts'
import { facebook } from './facebook.ts'
import { hotline } from './hotline.ts'
import { open311 } from './open311.ts'
import { portal } from './portal.ts'
import { sms } from './sms.ts'
import { zalo } from './zalo.ts'

/** A channel of the list that is missing here is no valid program. */
export const contracts: Readonly<Record<ChannelKind, ChannelContract>> = {
  portal,
  email,
  facebook,
  sms,
  zalo,
  hotline,
  open311,
}
