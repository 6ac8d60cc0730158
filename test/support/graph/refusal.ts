/** A refusal in Meta's form: https://developers.facebook.com/docs/graph-api/guides/error-handling */
export class Refusal extends Error {
  readonly status: number
  readonly code: number
  readonly subcode: number | undefined

  constructor(message: string, by: { readonly status?: number; readonly code: number; readonly subcode?: number }) {
    super(message)
    this.status = by.status ?? 400
    this.code = by.code
    this.subcode = by.subcode
  }

  body(): object {
    return {
      error: {
        message: this.message,
        type: this.code === 190 ? 'OAuthException' : 'GraphMethodException',
        code: this.code,
        ...(this.subcode !== undefined && { error_subcode: this.subcode }),
        fbtrace_id: 'AStandIn',
      },
    }
  }
}

/** https://developers.facebook.com/documentation/business-messaging/messenger-platform/error-codes */
export const refusals = {
  expired: () => new Refusal('Error validating access token: Session has expired.', { code: 190, subcode: 463 }),
  badToken: () => new Refusal('Invalid OAuth access token.', { code: 190 }),
  noToken: () => new Refusal('An access token is required to request this resource.', { code: 104 }),
  throttled: (code: number) => new Refusal(`(#${code}) Request limit reached`, { code }),
  trouble: () => new Refusal('An unexpected error has occurred.', { status: 500, code: 2 }),
  parameter: (what: string) => new Refusal(`(#100) ${what}`, { code: 100 }),
  noObject: (id: string) =>
    new Refusal(`Unsupported request. Object with ID '${id}' does not exist`, { code: 100, subcode: 33 }),
  noUser: () => new Refusal('(#100) No matching user found', { code: 100, subcode: 2018001 }),
  window: () =>
    new Refusal('(#10) This message is sent outside of allowed window.', { status: 403, code: 10, subcode: 2018278 }),
  repliedTo: () => new Refusal('(#10900) Activity already replied to', { code: 10900 }),
  cannotReply: () => new Refusal("(#10903) This user can't reply to this activity", { code: 10903 }),
}
