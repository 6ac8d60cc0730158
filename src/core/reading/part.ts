import { and, eq, isNull } from 'drizzle-orm'
import type { Submitted } from '../../channels/channel.ts'
import type { DataKey } from '../../platform/secrets/secrets.ts'
import type { Claimed } from '../../platform/tasks/claim.ts'
import { act, finishing, type Ports } from '../act.ts'
import { dataKeyOf } from '../intake/open-sealed.ts'
import { submissions } from '../tables/index.ts'
import { cleanFiles } from './clean-files.ts'
import type { Reader } from './reader.ts'
import { reread } from './reread.ts'
import { sealAnew } from './write-files.ts'

type Submission = typeof submissions.$inferSelect

interface Part {
  readonly submission: Submission
  readonly item: Submitted
  readonly dataKey: DataKey
  readonly first: Submission
  readonly names: Reader
}

/** What goes on from a message in the same breath has no report of its own: it is added to that one's. False where that one was erased meanwhile. */
export async function readAsPart(
  ports: Ports,
  task: Claimed,
  { submission, item, dataKey: from, first, names }: Part,
): Promise<boolean> {
  const dataKey = await dataKeyOf(ports.db, ports.secrets, first.keyId)
  if (dataKey === undefined) return false
  const added = await cleanFiles(ports, dataKey, await sealAnew(ports, item.files, { from, to: dataKey }))
  const read = await act(ports, { actor: 'system', unrecorded: true }, async (a) => {
    // A part has no parts: whatever becomes of the first one meanwhile, this locks it.
    const [alone] = await a.tx
      .select()
      .from(submissions)
      .where(and(eq(submissions.id, first.id), isNull(submissions.partOf)))
      .for('update')
    if (alone === undefined) return false
    await a.tx.update(submissions).set({ partOf: first.id }).where(eq(submissions.id, submission.id))
    const done = await reread(a, { submission: alone, dataKey, names, by: submission.id, how: 'more', added })
    if (done) await finishing(a, task)
    else await a.tx.update(submissions).set({ partOf: null }).where(eq(submissions.id, submission.id))
    return done
  })
  if (read) ports.log.info({ submission: submission.id, partOf: first.id }, 'submission.added')
  return read
}
