import { createHmac } from 'node:crypto'

export interface Hook {
  readonly url: string
  readonly appSecret: string
}

/** What Meta would call the hub with; what was not answered with 2xx stays, for another try: retried for 36 hours, says the documentation. */
export interface Line {
  tell(entry: object): Promise<void>
  again(): Promise<number>
  readonly untold: readonly string[]
}

export function openLine(hook: Hook | undefined, silent: () => boolean): Line {
  const untold: string[] = []
  const attempt = async (body: string): Promise<boolean> => {
    if (hook === undefined || silent()) return false
    const answer = await fetch(hook.url, { method: 'POST', headers: signed(body, hook.appSecret), body }).catch(
      () => undefined,
    )
    await answer?.arrayBuffer()
    return answer?.ok ?? false
  }
  return {
    untold,
    tell: async (entry) => {
      const body = escaped({ object: 'page', entry: [entry] })
      if (!(await attempt(body))) untold.push(body)
    },
    again: async () => {
      for (const body of untold.splice(0)) if (!(await attempt(body))) untold.push(body)
      return untold.length
    },
  }
}

/** "the payload is signed in its escaped unicode form, with lower-case hex digits": https://developers.facebook.com/docs/graph-api/webhooks/getting-started */
export function escaped(value: unknown): string {
  return JSON.stringify(value)
    .replace(/[\u0080-\uffff]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .replaceAll('/', '\\/')
}

export function signed(body: string, appSecret: string): Record<string, string> {
  return {
    'content-type': 'application/json',
    'x-hub-signature-256': `sha256=${createHmac('sha256', appSecret).update(body).digest('hex')}`,
  }
}
