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
 * - join (gộp): putting one report's case into another; quarantine (chờ đọc lại): an envelope that could not be read
 */

/** Computed from reports and assignments by `cases/status.ts` alone. */
export const CASE_STATUSES = [
  'received',
  'waiting',
  'dispatched',
  'accepted',
  'in-progress',
  'answered',
  'joined',
] as const
export type CaseStatus = (typeof CASE_STATUSES)[number]

/** In the order in which they may follow one another: a later word never undoes a newer one. */
export const ASSIGNMENT_STATES = ['open', 'delivered', 'accepted', 'in-progress', 'answered', 'returned'] as const
export type AssignmentState = (typeof ASSIGNMENT_STATES)[number]

export const ASSIGNMENT_ROLES = ['lead', 'coordinating', 'informed'] as const

export const DELIVERY_KINDS = ['case', 'addition', 'replacement', 'withdrawal', 'reminder'] as const
export type DeliveryKind = (typeof DELIVERY_KINDS)[number]

/** `waiting`: no link yet; `rejected`, `exhausted`, `failed` each have a list and an owner (triage, triage, IT). */
export const DELIVERY_STATES = ['waiting', 'ready', 'taken', 'rejected', 'exhausted', 'failed', 'given-up'] as const
export type DeliveryState = (typeof DELIVERY_STATES)[number]

export const UPDATE_KINDS = ['taken', 'refused', 'in-progress', 'answer'] as const
export type UpdateKind = (typeof UPDATE_KINDS)[number]

export const NOTICE_EVENTS = ['received', 'forwarded', 'answer'] as const
export type NoticeEvent = (typeof NOTICE_EVENTS)[number]

/** Whose fault a failure is; what happens next for each: `delivery/decide.ts`. */
export const FAULT_CODES = ['unreachable', 'throttled', 'rejected', 'config', 'duplicate', 'closed', 'ours'] as const
export type FaultCode = (typeof FAULT_CODES)[number]

/** A point on the earth, WGS 84 degrees. */
export interface Point {
  readonly lat: number
  readonly lng: number
}
