import { z } from 'zod'
import { Rule } from '../deadlines/rule.ts'
import { Hiding, NoticeForm, PeriodicReport, Publication, Rating, Repeats, Retention } from './citizen.ts'
import {
  Approval,
  Coordination,
  Dispute,
  Escalation,
  Handling,
  Interim,
  PassingOn,
  Reply,
  WrongAuthority,
} from './handling.ts'
import { Category, Intake, NamedChannel, ReportRules, Scope, SecretRule, Urgent } from './intake.ts'
import { articled } from './parts.ts'
import { Routing } from './routing.ts'

/** The rules in force from one date on. */
export const ProfileVersion = z.strictObject({
  from: z.iso.date(),
  ...articled,
  channels: z.array(NamedChannel).min(1),
  intake: Intake,
  scope: Scope,
  report: ReportRules,
  categories: z.array(Category).default([]).describe('None: every field, unsorted'),
  secrecy: SecretRule,
  routing: Routing,
  steps: z.array(Rule).min(1).describe('Deadlines, each as its article sets it'),
  urgent: Urgent,
  wrongAuthority: z.array(WrongAuthority).min(1),
  coordination: Coordination,
  handling: Handling.optional().describe('Without it every agency has software of its own'),
  passingOn: PassingOn,
  approval: Approval,
  interim: z.array(Interim).default([]),
  reply: z.array(Reply).default([]).describe('What an answer has to hold'),
  publication: Publication,
  notices: z.array(NoticeForm).default([]),
  rating: Rating,
  repeats: Repeats,
  hiding: Hiding.optional().describe('Without it nobody may hide a report'),
  retention: Retention,
  reports: z.array(PeriodicReport).default([]).describe('Periodic reports on the work'),
  escalation: Escalation,
  dispute: Dispute.optional(),
})
export type ProfileVersion = z.output<typeof ProfileVersion>
