import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { stringify } from 'yaml'
import type { Ports } from '../core/act.ts'
import { dayInVietnam } from '../core/day.ts'
import { applyCalendar } from '../core/deadlines/apply-calendar.ts'
import { type CalendarFile, readCalendar } from '../core/deadlines/calendar.ts'
import { isFault } from '../core/fault.ts'
import { calendars } from '../core/tables/index.ts'
import { describeProblems } from '../core/yaml.ts'
import { complain, withApp } from './with-app.ts'

export function calendarCommand(program: Command): void {
  const calendar = program.command('calendar').description('office hours, days off, days worked in exchange')
  calendar
    .command('show')
    .argument('[id]', 'default: all')
    .description('print calendars as files that can be edited and applied')
    .action((id?: string) => withApp(({ ports }) => show(ports, id)))
  calendar
    .command('apply')
    .argument('<file>', 'YAML')
    .description('bring a calendar to what a file says; open deadlines are computed again')
    .action(apply)
  calendar
    .command('days')
    .argument('[year]', 'default: this year')
    .description('list the weekdays off and the weekend days worked')
    .action((year?: string) => withApp(({ ports }) => days(ports, year)))
}

async function stored({ db }: Ports): Promise<CalendarFile[]> {
  return (await db.select({ body: calendars.body }).from(calendars).orderBy(calendars.id)).map(({ body }) => body)
}

async function show(ports: Ports, id: string | undefined): Promise<void> {
  const found = (await stored(ports)).filter((file) => id === undefined || file.id === id)
  if (found.length === 0) return complain(id === undefined ? 'No calendar is applied.' : `No calendar ${id}.`)
  console.log(found.map((file) => stringify(file, { lineWidth: 140 })).join('---\n'))
}

async function apply(path: string): Promise<void> {
  const file = readCalendar(await readFile(path, 'utf8'))
  if ('problems' in file) return complain(describeProblems(path, file.problems))
  await withApp(async ({ ports }) => {
    const applied = await applyCalendar(ports, 'command-line', file.value)
    if (isFault(applied)) return complain(`${path}: ${applied.message}`)
    console.log(applied.changed ? 'Applied; open deadlines are being computed again.' : 'Nothing to change.')
  })
}

async function days(ports: Ports, year = dayInVietnam(ports.clock.now()).slice(0, 4)): Promise<void> {
  for (const { id, extends: base, years, days: own } of await stored(ports)) {
    const known = years.find((each) => String(each.year) === year)
    console.log(
      `${id}: ${known === undefined ? (base === undefined ? 'not known' : `as ${base}`) : `${known.status}, ${known.source}`}`,
    )
    for (const { day, is, why, source } of [...(known?.days ?? []), ...own].filter((each) => each.day.startsWith(year)))
      console.log(`  ${day}  ${is.padEnd(6)}  ${why}${source === undefined ? '' : ` (${source})`}`)
  }
}
