import type { Ports } from '../act.ts'
import { dayInVietnam } from '../day.ts'
import { profiles } from '../tables/index.ts'
import type { UncertainYear } from './working-days.ts'

/** The yearly notice comes at the end of the year, and deadlines begin to reach into the next. */
const NEXT_YEAR_FROM_MONTH = 10

/** Of each calendar that a profile goes by: the current year, and from October on the next one, where no official notice is in it. */
export async function yearsWithoutNotice({
  db,
  clock,
  profiles: store,
}: Pick<Ports, 'db' | 'clock' | 'profiles'>): Promise<({ readonly calendar: string } & UncertainYear)[]> {
  const [year, month] = dayInVietnam(clock.now()).split('-').map(Number) as [number, number]
  const years = month >= NEXT_YEAR_FROM_MONTH ? [year, year + 1] : [year]
  const calendars = new Map<string, ReadonlyMap<number, 'official' | 'provisional'>>()
  for (const { id } of await db.select({ id: profiles.id }).from(profiles).orderBy(profiles.id)) {
    const { calendar } = await store.get(id)
    calendars.set(calendar.id, calendar.years)
  }
  return [...calendars].flatMap(([calendar, known]) =>
    years.flatMap((each) => {
      const status = known.get(each) ?? 'unknown'
      return status === 'official' ? [] : [{ calendar, year: each, status }]
    }),
  )
}
