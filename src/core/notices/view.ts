import { and, eq, sql } from 'drizzle-orm'
import { parseCode } from '../../normalize/code.ts'
import { lastFour, toE164 } from '../../normalize/phone.ts'
import type { Ports } from '../act.ts'
import { rootOf } from '../cases/hold.ts'
import { openItem } from '../intake/open-sealed.ts'
import { cases, notices, reports, submissions, viewTries } from '../tables/index.ts'
import type { CaseStatus } from '../words.ts'

export interface Opening {
  readonly code: string
  readonly lastFour: string | undefined
  readonly key: string | undefined
}

export interface View {
  readonly code: string
  readonly receivedAt: Date
  readonly status: CaseStatus
  readonly title: string | null
  readonly notices: readonly (typeof notices.$inferSelect)[]
}

const MAX_WRONG = 5
const WINDOW_MS = 3600_000

/**
 * The reporter's own view. Five wrong tries within an hour close it to codes and digits (not to the link). Unknown, wrong and closed are the
 * same answer, reached by the same queries; the caller makes them take the same time.
 */
export async function openView(
  ports: Ports,
  { code: given, lastFour: digits, key }: Opening,
): Promise<View | undefined> {
  const { db, secrets } = ports
  const code = parseCode(given) ?? ''
  const codeHash = secrets.index('view-try', code === '' ? given.slice(0, 60) : code)
  const open = await takeTry(ports, codeHash)
  const [submission] = await db.select().from(submissions).where(eq(submissions.code, code))
  const phone = submission && (await openItem(db, secrets, submission))?.item.sender.phone
  const byKey = key !== undefined && secrets.sameToken(key, secrets.token('view', code))
  const byPhone =
    open && digits !== undefined && phone !== undefined && secrets.sameToken(lastFour(toE164(phone) ?? phone), digits)
  if (submission === undefined || submission.erasedAt !== null || !(byKey || byPhone)) return undefined
  await giveBackTry(ports, codeHash)
  return viewOf(ports, submission)
}

async function viewOf({ db }: Ports, submission: typeof submissions.$inferSelect): Promise<View> {
  const base = { code: submission.code, receivedAt: submission.receivedAt }
  const [report] = await db.select().from(reports).where(eq(reports.code, submission.code))
  if (report === undefined) return { ...base, status: 'received', title: null, notices: [] }
  const root = await db.transaction((tx) => rootOf(tx, report.caseId))
  const [own] = await db.select().from(cases).where(eq(cases.id, root))
  const told = await db
    .select()
    .from(notices)
    .where(and(eq(notices.reportId, report.id), eq(notices.state, 'sent')))
    .orderBy(notices.createdAt, notices.id)
  return { ...base, status: own!.status, title: report.title, notices: told }
}

/** Counted before it is judged, so that a thousand tries at once are no more than five. */
async function takeTry({ db, clock }: Ports, codeHash: Buffer): Promise<boolean> {
  const now = clock.now()
  const over = sql`${viewTries.windowStart} <= ${new Date(now.getTime() - WINDOW_MS)}`
  const [tries] = await db
    .insert(viewTries)
    .values({ codeHash, windowStart: now, wrong: 1 })
    .onConflictDoUpdate({
      target: viewTries.codeHash,
      set: {
        wrong: sql`case when ${over} then 1 else ${viewTries.wrong} + 1 end`,
        windowStart: sql`case when ${over} then ${now} else ${viewTries.windowStart} end`,
      },
    })
    .returning({ taken: viewTries.wrong })
  return tries!.taken <= MAX_WRONG
}

/** It was right. */
async function giveBackTry({ db }: Ports, codeHash: Buffer): Promise<void> {
  await db
    .update(viewTries)
    .set({ wrong: sql`greatest(0, ${viewTries.wrong} - 1)` })
    .where(eq(viewTries.codeHash, codeHash))
}

/** Tries of past hours; called by the sweep. */
export async function forgetTries({ db, clock }: Ports): Promise<void> {
  await db.delete(viewTries).where(sql`${viewTries.windowStart} <= ${new Date(clock.now().getTime() - WINDOW_MS)}`)
}
