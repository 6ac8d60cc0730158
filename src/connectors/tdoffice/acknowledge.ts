import { z } from 'zod'
import { type Fault, isFault } from '../../core/fault.ts'
import type { ConnectorContext, Polled } from '../connector.ts'
import type { Driver } from './driver.ts'
import { openDriver } from './open.ts'
import type { TdofficeSettings } from './settings.ts'
import { type OwnStatus, statusXml } from './write.ts'

const Receipt = z.object({
  docId: z.string(),
  /** The office's own id of a letter that answers us. */
  answeredBy: z.string().optional(),
})
export type Receipt = z.output<typeof Receipt>

/** QĐ 28/2018/QĐ-TTg: the software has the letter, and a person of ours will find it. */
const CODES: readonly OwnStatus['code'][] = ['01', '03']

/**
 * Tells the office that its letter is here, then the exchange that the document is dealt with. What the exchange refuses for one document does not
 * stop the others; in trouble of its own it is left alone, and the next look begins anew.
 */
export async function acknowledge(
  { receipts }: Polled,
  ctx: ConnectorContext<TdofficeSettings>,
): Promise<Fault | undefined> {
  const driver = openDriver(ctx)
  let refused: Fault | undefined
  for (const receipt of z.array(Receipt).parse(receipts)) {
    for await (const said of saying(driver, receipt, ctx)) {
      if (said === undefined || said.fault === 'duplicate') continue
      if (said.fault !== 'rejected') return said
      refused ??= said
    }
  }
  return refused
}

async function* saying(
  driver: Driver,
  { docId, answeredBy: of }: Receipt,
  ctx: ConnectorContext<TdofficeSettings>,
): AsyncGenerator<Fault | undefined> {
  for (const code of of === undefined ? [] : CODES) {
    const sent = await driver.send(statusXml({ of: of!, code }, ctx), 'status')
    yield isFault(sent) ? sent : undefined
  }
  yield await driver.setDone(docId)
}
