import { expect } from 'vitest'
import { until } from '../../support/until.ts'
import type { Scenario } from '../support/scenario.ts'

/** Last, because it takes a month. */
export const UNANSWERED: readonly Scenario[] = [
  {
    article: 'Điều 5',
    name: 'who never says what they were asked for is refused after thirty days, and hears how to send it again',
    watches: ['report.insufficient.waitDays'],
    start: '2027-05-03 09:00',
    play: async (p) => {
      const telephones = await p.telephones()
      const telephone = '+84903000417'
      await telephones.write(telephone, 'Nắp cống mất')
      await p.at('2027-05-03 09:02')
      const [code] = /[A-Z]+-\d\d-\w{4}-\w{4}/.exec(telephones.got(telephone)[0]!)!
      await p.at('2027-06-01 09:00')
      expect((await p.caseOf(code)).status).toBe('asked')
      await p.at('2027-06-02 11:00')
      // Within the hour.
      await until('refused', async () => (await p.caseOf(code)).status === 'refused' || undefined)
      await p.at('2027-06-02 11:01')
      expect(telephones.got(telephone).at(-1)).toContain('Không nhận được thông tin')
      await telephones.off()
    },
  },
]
