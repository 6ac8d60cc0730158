import { z } from 'zod'
import { type Fault, isFault } from '../../core/fault.ts'
import { type GraphContext, graph } from './graph.ts'

/** https://developers.facebook.com/documentation/business-messaging/messenger-platform/identity/user-profile: of who has written to the page. */
const Profile = z.object({ name: z.string().max(500).optional() })

/** Messenger tells who writes by an id alone. */
export async function nameOf(id: string, ctx: GraphContext): Promise<string | undefined | Fault> {
  const found = await graph(ctx, { method: 'GET', path: [id], params: { fields: 'name' } }, Profile)
  return isFault(found) ? found : found.name
}
