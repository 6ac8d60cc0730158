import { z } from 'zod'
import { type FileProblem, readYaml } from '../yaml.ts'

const DayEntry = z.strictObject({
  day: z.iso.date(),
  is: z.enum(['off', 'worked']),
  why: z.string().min(1),
  source: z.string().min(1).optional().describe('Where it is not the source of the year'),
})
const YearEntry = z.strictObject({
  year: z.int().min(2000).max(2100),
  status: z.enum(['official', 'provisional']),
  source: z.string().min(1),
  days: z.array(DayEntry).max(366),
})
const File = z.strictObject({
  closes: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day, HH:MM'),
  years: z.array(YearEntry).min(1),
})

/** The days on which state agencies work. Saturday and Sunday are off but for the days named `worked`. */
export interface Calendar {
  /** When a working day ends, `HH:MM` in Vietnam. */
  readonly closes: string
  readonly off: ReadonlySet<string>
  readonly worked: ReadonlySet<string>
  /** `provisional`: computed before the year's notice is out. A year that is missing knows weekends only. */
  readonly years: ReadonlyMap<number, 'official' | 'provisional'>
}

const CalendarFile = File.superRefine(({ years }, context) => {
  const complain = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message })
  const seen = new Set<string | number>()
  for (const [i, { year, days }] of years.entries()) {
    if (seen.has(year)) complain(['years', i, 'year'], `${year} stands twice`)
    seen.add(year)
    for (const [j, { day, is }] of days.entries()) {
      const path = ['years', i, 'days', j, 'day']
      if (!day.startsWith(`${year}-`)) complain(path, `${day} is not in ${year}`)
      if (seen.has(day)) complain(path, `${day} stands twice`)
      if (isWeekend(day) === (is === 'off'))
        complain(path, `${day} is ${is === 'off' ? 'a weekend, off anyway' : 'a weekday, worked anyway'}`)
      seen.add(day)
    }
  }
}).transform(({ closes, years }): Calendar => {
  const days = years.flatMap((year) => year.days)
  const named = (is: 'off' | 'worked') => new Set(days.filter((entry) => entry.is === is).map((entry) => entry.day))
  return {
    closes,
    off: named('off'),
    worked: named('worked'),
    years: new Map(years.map(({ year, status }) => [year, status])),
  }
})

/** Reads a file of `data/calendars`. */
export function readCalendar(
  text: string,
): { readonly value: Calendar } | { readonly problems: readonly FileProblem[] } {
  return readYaml(text, CalendarFile)
}

/** `day`: `YYYY-MM-DD`, which a Date reads as midnight UTC, so that the machine's zone has no say. */
export function isWeekend(day: string): boolean {
  const weekday = new Date(day).getUTCDay()
  return weekday === 0 || weekday === 6
}
