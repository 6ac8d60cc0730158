import type { Fault } from '../../core/fault.ts'

export type MessageType = 'edoc' | 'status'

/** One way to reach an exchange. The national one (VXP) speaks otherwise and would be a second file beside `lgsp-rest.ts`. */
export interface Driver {
  /** `duplicate`: it was refused, and the exchange named a document that may be the same (`existingId`). */
  send(edxml: Buffer, messageType: MessageType): Promise<{ readonly docId: string } | Fault>
  /** Of these days, both included, `yyyy-MM-dd`; the exchange refuses windows much longer than a week. */
  list(box: 'received' | 'sent', asked: Asked): Promise<readonly Listed[] | Fault>
  /** `rejected`: the exchange does not give it. */
  get(docId: string): Promise<Buffer | Fault>
  /** Tells the exchange, not the sender, that a received document is dealt with. */
  setDone(docId: string): Promise<Fault | undefined>
}

export interface Asked {
  readonly messageType: MessageType
  readonly from: string
  readonly to: string
}

export interface Listed {
  readonly docId: string
  /** As the list has it. */
  readonly to: string
  readonly createdAt: Date | undefined
}
