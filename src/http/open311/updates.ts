import { clientUpdates } from '../../core/clients/client-updates.ts'
import { sentenceOf } from '../../core/notices/text.ts'
import type { NoticeEvent } from '../../core/words.ts'
import type { Intake } from '../citizen/intake.ts'
import type { Document } from './answer.ts'
import type { Asking, Params } from './client.ts'
import { pageOf, spanIn } from './requests.ts'
import { written } from './times.ts'

/** What a client that knows open and closed alone takes for the state after each; everything else leaves it open. */
const CLOSES: ReadonlySet<NoticeEvent> = new Set(['answer', 'refused'])

/** Of FixMyStreet's extended statuses, those that say more. */
const EXTENDED: Partial<Readonly<Record<NoticeEvent, string>>> = {
  'in-progress': 'in_progress',
  interim: 'in_progress',
  refused: 'no_further_action',
}

/** What reporters were told of the client's reports, oldest first; none is ever told under another id. */
export async function listUpdates(on: Intake, asking: Asking, params: Params): Promise<Document> {
  const { client, language } = asking
  const told = await clientUpdates(on.ports, {
    ...{ sourceId: client.id, ...spanIn(on, language, params) },
    ...pageOf(on, language, params),
  })
  const holds = told.map((update) => ({
    update_id: update.id,
    service_request_id: update.code,
    status: statusAfter(update.event, client.set.extendedStatuses),
    updated_datetime: written(update.at),
    description: sentenceOf(on.translate, language, update),
    media_url: update.files[0]?.url ?? null,
  }))
  return { root: 'service_request_updates', holds }
}

function statusAfter(event: NoticeEvent, extended: boolean): string {
  return (extended && EXTENDED[event]) || (CLOSES.has(event) ? 'closed' : 'open')
}
