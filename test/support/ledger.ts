import type { Answer, Sent } from './load.ts'
import type { Observed, SeenByReporter, SubmissionSeen } from './observe.ts'

/** A promise of the design that was broken, for which of the reports. */
export interface Broken {
  readonly promise: 1 | 2 | 4 | 5 | 7 | 9
  readonly how: string
  readonly which: string
}

/** Compares sets: what citizens sent and were promised, what the product has, what the office holds. Pure; empty when every promise was kept. */
export function compare(ledger: readonly Sent[], seen: Observed): Broken[] {
  return [
    ...answersKept(ledger),
    ...submissionsAre(ledger, seen),
    ...eachReadOnce(seen),
    ...mattersAre(ledger, seen),
    ...officeHas(seen),
    ...updatesTaken(seen),
    ...reportersSee(seen),
    ...historyTells(seen),
    ...seen.leftOver.map((task): Broken => ({ promise: 7, how: 'a task is left over', which: task })),
    ...seen.collapses.map((which): Broken => ({ promise: 7, how: 'a process ended by itself', which })),
  ]
}

/** How often each promise was broken, with one example: short enough to be read in a failed assertion. */
export function summary(broken: readonly Broken[]): string[] {
  const groups = groupBy(broken, ({ promise, how }) => `promise ${promise}: ${how}`)
  return [...groups].map(([what, all]) => `${what}: ${all.length}, such as ${all[0]!.which}`).sort()
}

const codesOf = (answers: readonly Answer[]) => new Set(answers.flatMap((a) => a.code ?? []))

/** The code that a key was promised; undefined where it never was. */
const codeOf = (sent: Sent): string | undefined => [...codesOf(sent.answers)][0]

function answersKept(ledger: readonly Sent[]): Broken[] {
  return ledger.flatMap((sent): Broken[] => {
    const odd = sent.answers.find(({ status }) => status !== undefined && status !== 201 && status !== 503)
    const soft = sent.answers.find(({ status, retryAfter }) => status === 503 && retryAfter === undefined)
    const settled = sent.abused.at(-1)
    return [
      ...(codesOf(sent.answers).size > 1 ? [breach(2, 'one key, several codes', sent.key)] : []),
      ...(settled !== undefined && settled.status !== 422
        ? [breach(2, 'another text under the same key was not refused', `${sent.key}: ${settled.status}`)]
        : []),
      ...(odd !== undefined ? [breach(7, 'neither taken nor told to come again', `${sent.key}: ${odd.status}`)] : []),
      ...(soft !== undefined ? [breach(7, 'told to come again, but not when', sent.key)] : []),
    ]
  })
}

function submissionsAre(ledger: readonly Sent[], seen: Observed): Broken[] {
  const promised = new Set(ledger.flatMap((sent) => [...codesOf(sent.answers)]))
  const stored = new Set(seen.submissions.map((s) => s.code))
  return [
    ...[...promised].filter((c) => !stored.has(c)).map((c) => breach(1, 'promised, but not stored', c)),
    ...[...stored].filter((c) => !promised.has(c)).map((c) => breach(2, 'stored, but promised to nobody', c)),
  ]
}

function eachReadOnce({ submissions }: Observed): Broken[] {
  const readings = groupBy(submissions, (s) => s.code)
  return [...readings].flatMap(([code, rows]) => [
    ...(rows.some((r) => r.reportId === null) ? [breach(7, 'stored, but never read', code)] : []),
    ...(rows.length > 1 ? [breach(2, 'read into several reports', code)] : []),
  ])
}

/** One person's words sent twice are one case with one lead; nothing else was ever put together. */
function mattersAre(ledger: readonly Sent[], seen: Observed): Broken[] {
  const byCode = new Map(seen.submissions.map((s) => [s.code, s]))
  const leads = groupBy(seen.leads, (l) => l.case_id)
  const matters = groupBy(ledger, (sent) => sent.matter)
  const familyOfCase = groupBy(seen.submissions, (s) => s.survivorId)
  const found = [...matters].flatMap(([matter, sent]): Broken[] => {
    const members = sent.flatMap((s) => byCode.get(codeOf(s) ?? '') ?? []).filter((s) => s.survivorId !== null)
    if (members.length === 0) return []
    const survivors = new Set(members.map((s) => s.survivorId))
    if (survivors.size > 1) return [breach(4, 'one matter, several cases', `${matter} ${codes(members)}`)]
    const family = familyOfCase.get(members[0]!.survivorId) ?? []
    const own = family.flatMap((s) => leads.get(s.caseId!) ?? [])
    return [
      ...(family.length > members.length ? [breach(4, 'two matters, one case', codes(family))] : []),
      ...(own.length > 1 ? [breach(4, 'one matter, several leads', codes(family))] : []),
      ...(own.length === 0 ? [breach(7, 'nobody was given the case', codes(family))] : []),
      ...own.filter((l) => l.state !== 'answered').map((l) => breach(7, 'not answered', `${codes(family)} ${l.state}`)),
    ]
  })
  const joined = groupBy(seen.joins, (j) => j.from_case)
  return [
    ...found,
    ...[...joined].filter(([, j]) => j.length > 1).map(([id]) => breach(4, 'put into a case twice', id)),
  ]
}

/** Each matter once, under one key; each report that came to it later at most once. */
function officeHas({ held, submissions }: Observed): Broken[] {
  const survivorOf = new Map(submissions.map((s) => [s.caseId, s.survivorId]))
  const families = groupBy(submissions, (s) => s.survivorId)
  const of = (kind: string) =>
    groupBy(
      held.filter((h) => h.kind === kind),
      (h) => survivorOf.get(h.caseId) ?? h.caseId,
    )
  const [cases, additions] = [of('case'), of('addition')]
  return [
    ...[...families.keys()].flatMap((id) =>
      id === null || cases.has(id) ? [] : [breach(5, 'the office does not have a case', id)],
    ),
    ...[...cases].flatMap(([id, all]) => [
      ...(all.length > 1 ? [breach(5, 'the office has a case twice', id)] : []),
      ...(families.has(id) ? [] : [breach(5, 'the office has a case that nobody sent', id)]),
    ]),
    ...[...additions].flatMap(([id, all]) =>
      all.length < (families.get(id)?.length ?? 0) ? [] : [breach(5, 'the office was told of a report twice', id)],
    ),
  ]
}

/** What the office said is here, each word once and none too late. */
function updatesTaken({ events, updates }: Observed): Broken[] {
  const here = new Map(updates.map((u) => [u.event, u.outcome]))
  return events.flatMap(({ event, told }) => [
    ...(told ? [] : [breach(7, 'the office could not tell', event)]),
    ...(told && here.get(event) !== 'applied'
      ? [breach(7, 'told by the office, but not applied', `${event} ${here.get(event)}`)]
      : []),
  ])
}

function reportersSee({ views }: Observed): Broken[] {
  return [...views].flatMap(([code, view]) => {
    if (view === undefined) return [breach(1, 'promised, but its link opens nothing', code)]
    const wrong = (['received', 'forwarded', 'answer'] as const).filter((event) => times(view, event) !== 1)
    return wrong.map((event) =>
      breach(times(view, event) > 1 ? 5 : 7, `its reporter was not told once: ${event}`, code),
    )
  })
}

/** Nobody is told that an office has what it has not; true at any moment, whatever the office does. */
export function toldTooEarly(views: Observed['views'], heldAfterwards: Observed['held']): Broken[] {
  const has = new Set(heldAfterwards.map((h) => h.code))
  return [...views]
    .filter(([code, view]) => view !== undefined && times(view, 'forwarded') > 0 && !has.has(code))
    .map(([code]) => breach(5, 'told that an office has it, which has not', code))
}

const times = (view: SeenByReporter, event: string): number => view.notices.filter((n) => n.event === event).length

/** The chains hold, and each says what happened, once. */
function historyTells(seen: Observed): Broken[] {
  const led = new Set(seen.leads.map((l) => l.case_id))
  const found = seen.submissions.flatMap(({ caseId, survivorId }): Broken[] => {
    if (caseId === null) return []
    const kinds = seen.history.get(caseId) ?? []
    const once = [
      'case.opened',
      ...(caseId === survivorId ? [] : ['case.joined']),
      ...(led.has(caseId)
        ? ['case.assigned', 'assignment.accepted', 'assignment.in-progress', 'assignment.answered']
        : []),
    ]
    const missing = once.filter((kind) => kinds.filter((k) => k === kind).length !== 1)
    return missing.map((kind) => breach(9, `not once in the history: ${kind}`, caseId))
  })
  return seen.doctor === undefined ? found : [...found, breach(9, 'the doctor is not content', seen.doctor)]
}

const codes = (members: readonly SubmissionSeen[]): string => members.map((m) => m.code).join(' ')

function breach(promise: Broken['promise'], how: string, which: string): Broken {
  return { promise, how, which }
}

function groupBy<T, K>(all: Iterable<T>, keyOf: (one: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>()
  for (const one of all) {
    const key = keyOf(one)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [one])
    else group.push(one)
  }
  return groups
}
