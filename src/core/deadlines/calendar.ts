import { z } from 'zod'
import { type FileProblem, readYaml } from '../yaml.ts'

const Id = z.string().regex(/^[a-z][a-z0-9-]{1,30}$/, 'lower-case letters, digits and dashes')
const Time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day, HH:MM')
const HoursEntry = z.strictObject({
  from: z.iso.date().describe('First day; until the next entry. Before the first entry the first counts'),
  sessions: z
    .array(z.tuple([Time, Time]))
    .min(1)
    .max(4),
  source: z.string().min(1),
})
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

type Complain = (path: (string | number)[], message: string) => void

/** A file of `data/calendars`. A province's names its hours and days of its own, and extends the national one. */
export const CalendarFile = z
  .strictObject({
    id: Id,
    extends: Id.optional(),
    hours: z
      .array(HoursEntry)
      .default([])
      .describe('In order of their days; those of the calendar it extends, if none'),
    years: z.array(YearEntry).default([]),
    days: z
      .array(DayEntry.required({ source: true }))
      .default([])
      .describe('Days of its own, which count over those of the calendar that it extends'),
  })
  .superRefine((file, context) => {
    const complain: Complain = (path, message) => context.addIssue({ code: 'custom', path, message })
    if (file.extends === undefined && file.hours.length === 0) complain(['hours'], 'no hours, and none to extend')
    checkHours(file.hours, complain)
    checkDays(file, complain)
  })
export type CalendarFile = z.output<typeof CalendarFile>

function checkHours(hours: CalendarFile['hours'], complain: Complain): void {
  for (const [i, { from, sessions }] of hours.entries()) {
    if (i > 0 && hours[i - 1]!.from >= from) complain(['hours', i, 'from'], 'not after the one before')
    const times = sessions.flat()
    if (times.some((time, t) => t > 0 && times[t - 1]! >= time))
      complain(['hours', i, 'sessions'], 'sessions must follow one another, each ending after it begins')
  }
}

function checkDays(file: Pick<CalendarFile, 'years' | 'days'>, complain: Complain): void {
  const seen = new Set<string | number>()
  for (const [i, { year, days }] of file.years.entries()) {
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
  const own = file.days.map(({ day }) => day)
  for (const [i, day] of own.entries()) if (own.indexOf(day) < i) complain(['days', i, 'day'], `${day} stands twice`)
}

/** Minutes from midnight in Vietnam: 07:30 to 11:30 is [450, 690]. */
export type Session = readonly [opens: number, closes: number]

/** The days and hours in which the agencies of a province work. Saturday and Sunday are off but for the days named `worked`. */
export interface Calendar {
  readonly id: string
  /** Which state of it, and of those it extends: `dien-bien@2 vn@5`. */
  readonly version: string
  /** In order of their days, at least one; before the first the first counts. */
  readonly hours: readonly { readonly from: string; readonly sessions: readonly Session[] }[]
  readonly off: ReadonlySet<string>
  readonly worked: ReadonlySet<string>
  /** `provisional`: computed before the year's notice is out. A year that is missing knows weekends only. */
  readonly years: ReadonlyMap<number, 'official' | 'provisional'>
}

/** Reads a file of `data/calendars`. */
export function readCalendar(
  text: string,
): { readonly value: CalendarFile } | { readonly problems: readonly FileProblem[] } {
  return readYaml(text, CalendarFile)
}

/** A calendar as it counts: `layers` are its own file, the one that it extends, and so on; `version` says which state of each. */
export function calendarOf(layers: readonly [CalendarFile, ...CalendarFile[]], version: string): Calendar {
  const off = new Set<string>()
  const worked = new Set<string>()
  const years = new Map<number, 'official' | 'provisional'>()
  for (const file of layers.toReversed()) {
    for (const { year, status, days } of file.years) {
      years.set(year, status)
      // A year of its own is the whole year.
      for (const set of [off, worked]) for (const day of set) if (day.startsWith(`${year}-`)) set.delete(day)
      for (const { day, is } of days) (is === 'off' ? off : worked).add(day)
    }
    for (const { day, is } of file.days) {
      off.delete(day)
      worked.delete(day)
      if (is === 'off' && !isWeekend(day)) off.add(day)
      if (is === 'worked' && isWeekend(day)) worked.add(day)
    }
  }
  const hours = layers.find((file) => file.hours.length > 0)?.hours ?? []
  if (hours.length === 0) throw new Error(`calendar ${layers[0].id} has no hours`)
  return {
    id: layers[0].id,
    version,
    hours: hours.map(({ from, sessions }) => ({
      from,
      sessions: sessions.map(([opens, closes]) => [minutesOf(opens), minutesOf(closes)] as const),
    })),
    off,
    worked,
    years,
  }
}

function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3))
}

/** `day`: `YYYY-MM-DD`, which a Date reads as midnight UTC, so that the machine's zone has no say. */
export function isWeekend(day: string): boolean {
  const weekday = new Date(day).getUTCDay()
  return weekday === 0 || weekday === 6
}
