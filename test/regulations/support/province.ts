import type { z } from 'zod'
import type { Profile } from '../../../src/core/profile/profile.ts'
import type { Role } from '../../../src/core/words.ts'
import type { ReporterView } from '../../../src/http/contract/reports.ts'
import type { CaseView } from '../../../src/http/contract/staff.ts'

export type CaseSeen = z.output<typeof CaseView>
export type ReportSeen = z.output<typeof ReporterView>

/** A whole province at work: the running system, its citizens, officers and offices, seen and moved from outside alone. */
export interface Province {
  readonly profile: Profile
  /** Moves the clock to an hour in Vietnam, `YYYY-MM-DD HH:mm`, forward only, and lets everything happen that is due by then. */
  at(time: string): Promise<void>
  /** A citizen fills in the portal's form; what is not said is filled in with an ordinary report in phường Điện Biên Phủ's or the profile's own place. */
  report(form?: ReportForm): Promise<Citizen>
  /** The same where the portal may refuse it. */
  send(form: ReportForm): Promise<Answer>
  /** A signed-in user with this role; of an agency where it is one of an agency. The same arguments are the same person. */
  officer(role: Role, agency?: string): Person
  /** As triage sees it. */
  caseOf(code: string): Promise<CaseSeen>
  /** Switches the province's number for text messages on; who switches it on switches it off again. */
  telephones(): Promise<Telephones>
  /** The software of an agency. */
  office(agency: string): Office
  /** The id of the agency with this name. */
  agency(name: string): string
  /** As IT applies it: agencies and sources beside those of the profile. */
  close(): Promise<void>
}

export type ReportForm = Readonly<Record<string, string | number | boolean | undefined>>

export interface Answer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: whatever came back; what a test expects of it, it says.
  readonly body: any
}

export interface Citizen {
  readonly code: string
  readonly phone: string
  view(): Promise<ReportSeen>
  /** `{ event, at }` of what they were told, with the hour in Vietnam. */
  told(): Promise<readonly { readonly event: string; readonly at: string; readonly text: string }[]>
  add(content: string): Promise<Answer>
  rate(value: string, why?: string): Promise<Answer>
  /** Answers the question of an agency, the last one asked. */
  consent(yes: boolean): Promise<Answer>
}

export interface Telephones {
  /** A citizen writes to the province's number, from theirs in E.164. */
  write(from: string, text: string): Promise<void>
  /** What a telephone received, oldest first; its number as people write it or in E.164. */
  got(telephone: string): readonly string[]
  off(): Promise<void>
}

export interface Person {
  id(): Promise<string>
  /** Path under /api/v1, such as `/cases`. */
  get(path: string): Promise<Answer>
  /** `version` is that of the case as it is now, where an operation on a case or an assignment is not given one. */
  post(path: string, body?: object): Promise<Answer>
  /** Sends a photo and gives the id that a word takes it by. */
  photo(): Promise<string>
  /** The notices of officers for them, oldest first, about one case. */
  noticed(code: string): Promise<readonly OfficerNotice[]>
}

export interface OfficerNotice {
  readonly id: string
  readonly event: string
  /** The hour in Vietnam. */
  readonly at: string
  readonly step: string | undefined
  readonly level: number | null
  readonly toRole: string
  readonly values: Readonly<Record<string, string>>
}

export interface Office {
  /** What its software has about a case, oldest first. */
  got(code: string): Promise<readonly Got[]>
  /** What it says about a case, and waits until it is heard. `taken`: the clerk has it. */
  says(code: string, kind: Said, text?: string): Promise<void>
}

export const SAID = ['arrived', 'taken', 'in-progress', 'refused', 'answer'] as const
export type Said = (typeof SAID)[number]

export interface Got {
  readonly kind: string
  readonly text: string
  /** Where it says who reported. */
  readonly reporter: string | undefined
  readonly dueAt: string | undefined
  readonly urgent: boolean | undefined
}

const VIETNAM_MS = 7 * 3_600_000

/** `YYYY-MM-DD HH:mm` in Vietnam. */
export const instant = (time: string): Date => new Date(`${time.replace(' ', 'T')}:00+07:00`)
export const hour = (at: string | Date): string =>
  new Date(new Date(at).getTime() + VIETNAM_MS).toISOString().slice(0, 16).replace('T', ' ')
