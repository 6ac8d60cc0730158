import { Webhook } from 'standardwebhooks'
import { type Fault, fault, isFault } from '../../core/fault.ts'
import { faultOfAnswer } from '../../core/fault-of-answer.ts'
import type { ChannelContext, Health, OutgoingNotice, OutgoingStatus, Sender, Sent } from '../channel.ts'
import type { PortalSettings } from './settings.ts'

type Context = ChannelContext<PortalSettings>

/** An app's own server is told, which tells its user (https://www.standardwebhooks.com). */
export const sender: Sender<PortalSettings> = {
  to: 'provider',
  can: ({ webhookUrl }) => webhookUrl !== undefined,
  attempt: tellNotice,
  attemptStatus: tellStatus,
  // The same id each time, and it is the app's to know it again.
  whenUnknown: 'again',
  // One that answers slowly takes so many of our hands, and no more.
  concurrency: 4,
}

async function tellNotice(notice: OutgoingNotice, ctx: Context): Promise<Sent | Fault> {
  const { token, code, to, at, event, sentence, stood } = notice
  if (stood === undefined) return fault('ours', 'a program is told how its report stood')
  const { status, statusText, files } = stood
  return post(token, 'report.notice', at, ctx, {
    ...{ code, userId: to, status, statusText, event, text: sentence },
    files: files.map(({ name, type, size, url }) => ({ name, type, size, url })),
  })
}

function tellStatus({ token, code, to, at, status, statusText }: OutgoingStatus, ctx: Context): Promise<Sent | Fault> {
  return post(token, 'report.status', at, ctx, { code, userId: to, status, statusText })
}

/** A message that is about nothing, to see whether it is taken. */
export async function checkApp(ctx: Context): Promise<Health | Fault> {
  const { clientId, webhookUrl } = ctx.settings
  if (clientId === undefined) return { ok: true, note: 'a form of the province’s own: there is nothing to reach' }
  if (webhookUrl === undefined)
    return { ok: true, note: 'the app asks, and is told nothing: there is nothing to reach' }
  const sent = await post(`test-${ctx.at.getTime()}`, 'source.test', ctx.at, ctx, {})
  return isFault(sent) ? sent : { ok: true, note: 'the app’s server took a signed source.test' }
}

async function post(id: string, type: string, at: Date, ctx: Context, data: object): Promise<Sent | Fault> {
  const body = JSON.stringify({ type, timestamp: at.toISOString(), data })
  const headers = { 'content-type': 'application/json', ...signed(id, body, ctx) }
  const answer = await ctx.http.request({ method: 'POST', url: ctx.settings.webhookUrl!, headers, body })
  if (isFault(answer)) return answer
  // Of this user, since all else about the address would be everybody's: they have left the app.
  if (answer.status === 410) return fault('closed', 'Answered 410: the app tells this user nothing more')
  const refused = faultOfAnswer(answer, ctx.at)
  // Whatever an app's server makes of it today, tomorrow it is mended: what happened to a report is never wrong in itself.
  if (refused?.fault === 'rejected') return fault('unreachable', refused.message)
  return refused ?? { sent: true }
}

/** While the secret changes, with both: whoever verifies takes either. The timestamp is that of this attempt. */
function signed(id: string, body: string, { settings, at }: Context): Record<string, string> {
  const secrets = [settings.webhookSecret, settings.webhookSecretBefore].filter((secret) => secret !== undefined)
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, at, body)).join(' '),
  }
}
