import type { OutgoingDelivery, OutgoingFile } from '../connector.ts'
import { say } from './texts.ts'
import { spokenOf } from './time.ts'

/** One line: the summary of a state document has no breaks. */
export function subjectOf({ kind, code, title }: OutgoingDelivery): string {
  const key = kind === 'addition' ? 'subject.addition' : 'subject.case'
  return say(key, { code, title }).replaceAll(/\s+/g, ' ').trim()
}

/** What a clerk reads, one fact a line. */
export function contentOf(delivery: OutgoingDelivery, linked: readonly OutgoingFile[]): string {
  const { address, unit, point, dueAt } = delivery
  return [
    delivery.text,
    ...(address === undefined ? [] : [say('address', { address })]),
    ...(unit === undefined ? [] : [say('unit', { unit: unit.name })]),
    ...(point === undefined ? [] : [say('point', { lat: point.lat, lng: point.lng })]),
    say('received', { at: spokenOf(delivery.receivedAt) }),
    // DueDate is a day; the limit is an hour.
    ...(dueAt === undefined ? [] : [say('due', { at: spokenOf(dueAt) })]),
    say('reports', { count: delivery.reportCount }),
    reporterOf(delivery),
    ...linked.map(({ name, type, size, url }) => say('linked', { name, type, size: megabytes(size), url })),
  ].join('\n')
}

function reporterOf({ reporter }: OutgoingDelivery): string {
  if (reporter === undefined) return say('reporter.secret')
  const known = [reporter.name, reporter.phone, reporter.email].filter(Boolean)
  return known.length === 0 ? say('reporter.unnamed') : say('reporter', { who: known.join(', ') })
}

function megabytes(size: number): string {
  return (size / 1_000_000).toFixed(1)
}
