import type { Calendar } from './calendar.ts'
import type { Mark } from './rule.ts'
import { dueAfter, instantBefore } from './span.ts'

/** A mark of a rule with the instant that it stands for. */
export type SetMark = Mark & {
  /** ISO instant. */
  readonly when: string
  /** When it was given; each is given once, unless its deadline moves and its time is to come again. */
  readonly given?: string
}

interface Running {
  readonly startedAt: Date
  readonly dueAt: Date
}

/** The marks in the order of their time. One from before the clock starts says nothing to anybody: it stands as given. */
export function setMarks(marks: readonly Mark[], { startedAt, dueAt }: Running, calendar: Calendar): SetMark[] {
  return timed(marks, dueAt, calendar).map((mark) =>
    Date.parse(mark.when) < startedAt.getTime() ? { ...mark, given: startedAt.toISOString() } : mark,
  )
}

/** The marks of a deadline that moved: those whose time is to come again are given again. */
export function movedMarks(
  marks: readonly SetMark[],
  { dueAt, now }: { readonly dueAt: Date; readonly now: Date },
  calendar: Calendar,
): SetMark[] {
  return timed(marks, dueAt, calendar).map(({ given, ...mark }) =>
    given === undefined || Date.parse(mark.when) > now.getTime() ? mark : { ...mark, given },
  )
}

function timed<M extends Mark>(marks: readonly M[], dueAt: Date, calendar: Calendar): (M & { when: string })[] {
  return marks
    .map((mark) => ({ ...mark, when: timeOf(mark, dueAt, calendar).toISOString() }))
    .sort((a, b) => Date.parse(a.when) - Date.parse(b.when))
}

function timeOf({ before, after }: Mark, dueAt: Date, calendar: Calendar): Date {
  if (before !== undefined) return instantBefore(dueAt, before, calendar)
  return after === undefined ? dueAt : dueAfter(dueAt, after, calendar).at
}

/** When somebody has to look at an open deadline next; null once it is missed and every mark is given. */
export function nextLook({
  dueAt,
  missedAt,
  marks,
}: Pick<Running, 'dueAt'> & { readonly missedAt: Date | null; readonly marks: readonly SetMark[] }): Date | null {
  const times = marks.filter(({ given }) => given === undefined).map(({ when }) => Date.parse(when))
  // At `dueAt` itself it is still in time.
  if (missedAt === null) times.push(dueAt.getTime() + 1)
  return times.length === 0 ? null : new Date(Math.min(...times))
}
