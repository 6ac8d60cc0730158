/**
 * The words of the system, the same in code, tables, API and logs.
 *
 * - profile (quy chế): one province's rules as data, versioned by date
 * - channel (kênh): a way in and back out; source (nguồn tiếp nhận): one configured instance of a channel
 * - envelope (gói gốc): what a provider handed over, byte for byte
 * - submission (lượt gửi): what one person sent once; found again by any of its keys, for ever
 * - revision: what comes later about the same message (an edit, a deletion, the next part)
 * - report (phản ánh): a submission read into the one model; reporter (người phản ánh): who sent it
 * - case (vụ việc): the matter itself, one or more reports of the same thing
 * - assignment (phân công): one agency's share in a case; agency (cơ quan xử lý) / office (phần mềm): the body / its software
 * - connector (loại kết nối) / link (liên thông): a kind of tie to office software / one configured instance of it
 * - delivery (lượt chuyển): one thing to tell one office about one assignment, until the office has it
 * - update (cập nhật): what comes back from an office; notice (thông báo): a message to a reporter
 * - deadline (thời hạn): a limit on one step: rule and article, started by, due, met or missed
 * - join (gộp): putting one report's case into another; quarantine (chờ đọc lại): an envelope that could not be read
 */

/** Computed from reports and assignments by `cases/status.ts` alone. */
export const CASE_STATUSES = [
  'received',
  'waiting',
  'asked',
  'refused',
  'dispatching',
  'dispatched',
  'accepted',
  'in-progress',
  'for-approval',
  'result',
  'answered',
  'rated',
  'closed',
  'joined',
] as const
export type CaseStatus = (typeof CASE_STATUSES)[number]

/** How a case stands for everybody: what its reporter thinks of the answer is theirs to know. */
export const PUBLIC_STATUSES = ['answered', 'closed'] as const
export type PublicStatus = (typeof PUBLIC_STATUSES)[number]

/** What may follow what: `cases/machine.ts`. The last four are ends. */
export const ASSIGNMENT_STATES = [
  'open',
  'delivered',
  'accepted',
  'in-progress',
  'for-approval',
  'answered',
  'returned',
  'forwarded',
  'withdrawn',
] as const
export type AssignmentState = (typeof ASSIGNMENT_STATES)[number]

/** `lead` answers the citizen; `coordinating` answers the lead; `informed` need do nothing. */
export const ASSIGNMENT_ROLES = ['lead', 'coordinating', 'informed'] as const
export type AssignmentRole = (typeof ASSIGNMENT_ROLES)[number]

export const DELIVERY_KINDS = ['case', 'addition', 'replacement', 'withdrawal', 'reminder'] as const
export type DeliveryKind = (typeof DELIVERY_KINDS)[number]

/** `waiting`: no link yet; `sent`: an exchange in between has it, the office not yet that we know; `rejected`, `exhausted`, `failed` each have a list and an owner (triage, triage, IT). */
export const DELIVERY_STATES = [
  'waiting',
  'ready',
  'sent',
  'taken',
  'rejected',
  'exhausted',
  'failed',
  'given-up',
] as const
export type DeliveryState = (typeof DELIVERY_STATES)[number]

/** `arrived`: the office's software has it; `taken`: its clerk has; `completed`: the clerk has closed it, which is not the answer. */
export const UPDATE_KINDS = ['arrived', 'taken', 'refused', 'in-progress', 'completed', 'answer'] as const
export type UpdateKind = (typeof UPDATE_KINDS)[number]

export const NOTICE_EVENTS = [
  'received',
  'verify',
  'repeated',
  'forwarded',
  'asked',
  'refused',
  'in-progress',
  'interim',
  'consent',
  'answer',
  'reopened',
] as const
/**
 * `failed`: it cannot arrive on this channel, the next one was tried. `skipped`: overtaken, or more than one address should get in a day.
 * `waiting`: the decision demands it by a channel that has no source yet; nobody sends it before there is one.
 */
export const NOTICE_STATES = ['due', 'waiting', 'sent', 'failed', 'skipped'] as const

export type NoticeEvent = (typeof NOTICE_EVENTS)[number]

/** What a reporter can be asked for, in the order in which it is asked. */
export const ASKABLE = ['content', 'place', 'name', 'contact'] as const
export type Askable = (typeof ASKABLE)[number]

/**
 * What a later message of somebody is to the matter that it goes on from or stands beside. `thanks` end with themselves; of a `question` triage hears;
 * `unsure`: an officer says whether it is `same`, or another matter.
 */
export const LATER_WORDS = ['addition', 'question', 'thanks', 'unsure', 'same'] as const

/** `open` although its time is over: missed, and still owed. `cancelled`: what it ran for has ended otherwise. */
export const DEADLINE_STATES = ['open', 'met', 'cancelled'] as const

/** To whom a message among officers goes. */
export const OFFICER_ROLES = ['operator', 'triage', 'agency', 'leader'] as const
/**
 * `forwarded`: an agency passed a case on by itself; `coordination-late`: who coordinates says by when, its time being over; `hidden`: taken out of
 * public view; `disputed`: a reporter would not have the answer so; `revised`: a message was edited, or more of it came, after it was settled;
 * `taken-back`: its sender deleted it; `question`: a reporter wants to know how far it is.
 */
export const OFFICER_NOTICE_EVENTS = [
  'remind',
  'escalate',
  'ring',
  'forwarded',
  'coordination-late',
  'hidden',
  'disputed',
  'revised',
  'taken-back',
  'question',
] as const

/** Whose fault a failure is; what happens next for each: `delivery/decide.ts`. */
export const FAULT_CODES = ['unreachable', 'throttled', 'rejected', 'config', 'duplicate', 'closed', 'ours'] as const
export type FaultCode = (typeof FAULT_CODES)[number]

/**
 * What an officer is: operator (trực tổng đài), triage (điều phối), agency (cơ quan xử lý), leader (lãnh đạo phê duyệt), it (quản trị kỹ thuật),
 * auditor (thanh tra, kiểm tra). Who may do what: `people/may.ts`.
 */
export const ROLES = ['operator', 'triage', 'agency', 'leader', 'it', 'auditor'] as const
export type Role = (typeof ROLES)[number]

/** All that an officer may be allowed; each route of staff names one. */
export const ACTIONS = [
  'case.read',
  'case.note',
  'case.assign',
  'case.return',
  'case.forward',
  'case.coordinate',
  'case.refuse',
  'case.ask',
  'case.hide',
  'case.answer',
  'case.approve',
  'case.publish',
  'case.reopen',
  'case.close',
  'case.escalate',
  'case.join',
  'report.log',
  'identity.reveal',
  'identity.disclose',
  'delivery.read',
  'delivery.replay',
  'delivery.give-up',
  'notice.read',
  'source.read',
  'quarantine.read',
  'quarantine.take-in',
  'agency.read',
  'settings.read',
  'settings.write',
  'calendar.write',
  'user.read',
  'user.manage',
  'token.read',
  'token.manage',
  'log.read',
  'task.read',
  'task.replay',
  'duty.manage',
  'duty.take',
] as const
export type Action = (typeof ACTIONS)[number]

/** A point on the earth, WGS 84 degrees. */
export interface Point {
  readonly lat: number
  readonly lng: number
}

/**
 * The fields that every matter is sorted into, whatever the province calls its own: the fifteen of the Đắk Lắk service (Công văn /STTTT-IOC tháng
 * 4/2023, mục II Bước 1 điểm 2), the finest of the five lists.
 */
export const MATTERS = [
  'traffic-safety',
  'security-order',
  'urban-infrastructure',
  'urban-order',
  'environment',
  'administrative-rules',
  'public-service',
  'business-obstacles',
  'food-safety',
  'land-construction',
  'consumer-goods',
  'press-feedback',
  'smart-city-ideas',
  'child-protection',
  'other',
] as const

/** Fields of a report that are read from its words, and that an officer may correct. Who sent it is no such field: that lies sealed. */
export const READ_FIELDS = [
  ...(['kind', 'category', 'ward', 'district', 'occurredAt'] as const),
  ...(['urgent', 'abusive', 'confidential', 'missing'] as const),
] as const
export type ReadField = (typeof READ_FIELDS)[number]
