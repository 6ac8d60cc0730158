import type { z } from 'zod'
import type { Problem } from '../../src/http/contract/problem.ts'
import type { Accepted } from '../../src/http/contract/reports.ts'
import type { DemoReport } from './report.ts'

/** One report on its way, as its reporter knows it. */
export interface Sent {
  readonly report: DemoReport
  /** Status of the portal's answer or of that to a provider's call, or code of the mail server's. */
  readonly reply: number
  /** Each answer whole; one, but where it was sent several times. */
  readonly answers: readonly string[]
  readonly accepted?: z.output<typeof Accepted>
  readonly problem?: Problem
  readonly messageId?: string
  /** At Meta, of the post that it was written under. */
  readonly post?: string
  /** As they left the reporter's telephone. */
  readonly photos: readonly Buffer[]
}
