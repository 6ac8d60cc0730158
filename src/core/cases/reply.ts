import { eq } from 'drizzle-orm'
import type { Act } from '../act.ts'
import { happenedTo } from '../deadlines/happened-to.ts'
import { tell } from '../notices/tell.ts'
import { rulesOf } from '../profile/of-case.ts'
import { agencies, cases } from '../tables/index.ts'
import { type Assignment, type Case, familyOf, type Report, reportsOf } from './hold.ts'

/** The lead's result is there, approved where that is needed. Its reporters are told now, or once the intake has checked it where the profile says so. */
export async function resultIn(a: Act, root: Case, assignment: Assignment): Promise<void> {
  const { publication } = await rulesOf(a.ports, root)
  if (publication.result !== 'when-checked') await reply(a, root, { text: assignment.answer ?? '', from: assignment })
}

interface Replying {
  readonly text: string
  /** Whose answer it is; none where the intake answers directly. */
  readonly from?: Assignment
}

/** Tells every reporter the answer, and makes it public where neither the profile nor any reporter keeps it secret and nobody hid it. */
export async function reply(a: Act, root: Case, { text, from }: Replying): Promise<void> {
  const all = await reportsOf(a.tx, await familyOf(a.tx, root.id))
  const open = await mayBePublic(a, root, all)
  await a.tx
    .update(cases)
    .set({ reply: text, repliedAt: a.at, waitingFor: null, askedAt: null, ...(open && { publishedAt: a.at }) })
    .where(eq(cases.id, root.id))
  a.record({ of: 'case', id: root.id }, 'case.replied', {
    public: open,
    ...(from !== undefined && { assignment: from.id }),
  })
  const agency = from === undefined ? undefined : await nameOf(a, from.agencyId)
  const { profile } = await a.ports.profiles.get(root.profile)
  await tell(a, all, {
    event: 'answer',
    about: from?.id ?? `${root.id} ${root.round}`,
    values: { agency: agency ?? profile.name, answer: text },
  })
  await happenedTo(a, 'case.replied', { case: root })
  if (open) await happenedTo(a, 'case.published', { case: root })
}

async function mayBePublic(a: Act, root: Case, all: readonly Report[]): Promise<boolean> {
  const { publication } = await rulesOf(a.ports, root)
  return publication.result !== 'never' && root.hiddenAt === null && !all.some((report) => report.contentSecret)
}

async function nameOf(a: Act, agencyId: string): Promise<string> {
  const [agency] = await a.tx.select({ name: agencies.name }).from(agencies).where(eq(agencies.id, agencyId))
  return agency!.name
}
