import type { Unreadable } from '../../channel.ts'
import type { Call } from '../call.ts'
import type { HotlineSettings } from '../settings.ts'

/** One format: a clean text, as the calls that it tells of. Never throws. */
export type FormatReader = (text: string, settings: HotlineSettings) => Promise<readonly Call[] | Unreadable>

/** Of one list: more comes in several. */
export const MOST_CALLS = 1000
