/** A copy without metadata: who took it, with what, when and where is gone; only what can be seen and heard is left. */
export interface Stripped {
  readonly bytes: Buffer
  /** Differs from the original's type where the copy is in a more common format. */
  readonly type: string
}

/** Why there is no such copy, for the log and for staff; holds nothing of the content. The original must then not leave the house. */
export interface NotStripped {
  readonly notStripped: string
}
