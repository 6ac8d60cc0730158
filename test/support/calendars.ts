import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Calendar, type CalendarFile, calendarOf, readCalendar } from '../../src/core/deadlines/calendar.ts'

/** A calendar that ships, with those that it extends. */
export function shippedCalendar(id: string): Calendar {
  const layers: CalendarFile[] = []
  for (let next: string | undefined = id; next !== undefined; next = layers.at(-1)!.extends) {
    const path = join(import.meta.dirname, '../../data/calendars', `${next}.yaml`)
    const read = readCalendar(readFileSync(path, 'utf8'))
    if ('problems' in read) throw new Error(JSON.stringify(read.problems))
    layers.push(read.value)
  }
  return calendarOf(layers as [CalendarFile, ...CalendarFile[]], `${id}@0`)
}
