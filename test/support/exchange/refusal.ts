/** The exchange's error codes; the README says where each comes from. */
export type ErrorCode = '10' | '15' | '18' | '19' | '20' | '21' | '22' | '23' | '24'

/** What the exchange does not take, and why. */
export class Refusal extends Error {
  readonly errorCode: ErrorCode
  readonly status: number
  /** Of the first, where this is a second. */
  readonly docId: string | null

  constructor(errorCode: ErrorCode, errorDesc: string, { status = 400, docId = null as string | null } = {}) {
    super(errorDesc)
    this.errorCode = errorCode
    this.status = status
    this.docId = docId
  }
}
