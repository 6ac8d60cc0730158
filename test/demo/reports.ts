import { BY_FACEBOOK } from './by-facebook.ts'
import { BY_MAIL } from './by-mail.ts'
import { BY_PHONE } from './by-phone.ts'
import { BY_PORTAL } from './by-portal.ts'
import type { DemoReport } from './report.ts'

/** In the order in which they are sent. The first one's office is linked before the others. */
export const REPORTS: readonly DemoReport[] = [
  BY_PORTAL.lamps,
  BY_PORTAL.dump,
  BY_PORTAL.cattle,
  BY_PORTAL.pipe,
  BY_PORTAL.nowhere,
  BY_PORTAL.wrong,
  BY_MAIL.pothole,
  BY_MAIL.manhole,
  BY_MAIL.away,
  BY_MAIL.nested,
  BY_FACEBOOK.pole,
  BY_PHONE.bridge,
  BY_PHONE.drain,
  BY_PORTAL.potholeAgain,
  BY_MAIL.cattleAgain,
  BY_MAIL.pipeAgain,
  BY_FACEBOOK.bridgeAgain,
  BY_MAIL.addition,
]

export const FIRST = BY_PORTAL.lamps
