import type { Connector } from '../connector.ts'
import { check, deliver, lookup } from './deliver.ts'
import { documents } from './documents.ts'
import { poller } from './poll.ts'
import { TdofficeSettings } from './settings.ts'

/** TDOffice and every other document software behind a state document exchange: edXML (QCVN 102:2016/BTTTT), statuses by QĐ 28/2018/QĐ-TTg. */
export const tdoffice: Connector<TdofficeSettings> = {
  kind: 'tdoffice',
  settings: TdofficeSettings,
  secrets: ['secretKey'],
  takes: ['case', 'addition'],
  limits: {
    // One exchange serves all of a province's offices, and documents leave an office by hand: nobody has published a limit.
    perSecond: 2,
    concurrency: 2,
    // 45 MB of Base64 at 4 Mbit/s.
    timeoutMs: 120_000,
    // `getEdoc` gives the edXML (60 MB, in Base64 80) and once more its files.
    maxAnswerBytes: 160_000_000,
  },
  documents,
  deliver,
  lookup,
  whenUnknown: () => 'lookup',
  updates: [poller],
  check,
}
