import { and, eq, isNull, sql } from 'drizzle-orm'
import { parseCode } from '../../normalize/code.ts'
import { lastFour, toE164 } from '../../normalize/phone.ts'
import type { Ports } from '../act.ts'
import { rootOf } from '../cases/hold.ts'
import { caseCan } from '../cases/machine.ts'
import { type AnswerFile, answerFiles } from '../delivery/answer-files.ts'
import { openItem } from '../intake/open-sealed.ts'
import { rulesOf } from '../profile/of-case.ts'
import type { ProfileVersion } from '../profile/profile.ts'
import { agencies, cases, consents, notices, ratings, reports, submissions, viewTries } from '../tables/index.ts'
import type { CaseStatus } from '../words.ts'

export interface Opening {
  readonly code: string
  readonly lastFour: string | undefined
  readonly key: string | undefined
  /** The program that asks: it sees what came by its source, of the user that it names where it names one. */
  readonly client?: { readonly sourceId: string; readonly userId: string | undefined }
}

export interface View {
  readonly code: string
  readonly receivedAt: Date
  readonly status: CaseStatus
  readonly title: string | null
  readonly rating: RatingSeen | null
  readonly consents: readonly {
    readonly id: string
    readonly agency: string
    readonly purpose: string
    readonly state: (typeof consents.$inferSelect)['state']
  }[]
  readonly notices: readonly (typeof notices.$inferSelect & { readonly files: readonly AnswerFile[] })[]
}

export interface RatingSeen {
  readonly scale: ProfileVersion['rating']['scale']
  readonly given: string | null
  /** Can it be said now? */
  readonly open: boolean
}

const MAX_WRONG = 5
const WINDOW_MS = 3600_000

/**
 * The reporter's own view. Five wrong tries within an hour close it to codes and digits (not to the link). Unknown, wrong and closed are the
 * same answer, reached by the same queries; the caller makes them take the same time.
 */
export async function openView(ports: Ports, opening: Opening): Promise<View | undefined> {
  const submission = await openSubmission(ports, opening)
  return submission && viewOf(ports, submission)
}

/** The same for whoever wants to say something about their report: its id, once it has been read. */
export async function openReport(ports: Ports, opening: Opening): Promise<string | undefined> {
  const submission = await openSubmission(ports, opening)
  if (submission === undefined) return undefined
  const [report] = await ports.db.select({ id: reports.id }).from(reports).where(eq(reports.code, submission.code))
  return report?.id
}

type Submission = typeof submissions.$inferSelect

async function openSubmission(ports: Ports, opening: Opening): Promise<Submission | undefined> {
  return opening.client === undefined
    ? openByReporter(ports, opening)
    : openByClient(ports, opening.code, opening.client)
}

/** Another source's is the same to it as none. */
async function openByClient(
  { db, secrets }: Ports,
  code: string,
  { sourceId, userId }: NonNullable<Opening['client']>,
): Promise<Submission | undefined> {
  const [submission] = await db
    .select()
    .from(submissions)
    .where(
      and(
        eq(submissions.code, parseCode(code) ?? ''),
        eq(submissions.sourceId, sourceId),
        isNull(submissions.erasedAt),
      ),
    )
  if (submission === undefined || userId === undefined) return submission
  const sender = (await openItem(db, secrets, submission))?.item.sender
  return sender?.provider === userId ? submission : undefined
}

async function openByReporter(
  ports: Ports,
  { code: given, lastFour: digits, key }: Opening,
): Promise<Submission | undefined> {
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
  if (submission.partOf === null) return submission
  // What goes on from another message has no report of its own: that one's is shown.
  const [first] = await db.select().from(submissions).where(eq(submissions.id, submission.partOf))
  return first?.erasedAt === null ? first : undefined
}

async function viewOf(ports: Ports, submission: Submission): Promise<View> {
  const { db } = ports
  const base = { code: submission.code, receivedAt: submission.receivedAt }
  const [report] = await db.select().from(reports).where(eq(reports.code, submission.code))
  if (report === undefined) return { ...base, status: 'received', title: null, rating: null, consents: [], notices: [] }
  const root = await db.transaction((tx) => rootOf(tx, report.caseId))
  const [own] = await db.select().from(cases).where(eq(cases.id, root))
  // What was told by two ways is one thing told; it stands here as soon as it is true, whenever its letter arrives.
  const told = await db
    .selectDistinctOn([notices.event, notices.about])
    .from(notices)
    .where(eq(notices.reportId, report.id))
    .orderBy(notices.event, notices.about, notices.createdAt)
  const inOrder = told.sort(
    (one, other) => one.createdAt.getTime() - other.createdAt.getTime() || (one.id < other.id ? -1 : 1),
  )
  const files = await answerFiles(ports, root)
  return {
    ...base,
    status: own!.status,
    title: report.title,
    rating: await ratingOf(ports, report.id, own!),
    consents: await consentsOf(ports, report.id),
    notices: inOrder.map((notice) => ({ ...notice, files: files.get(notice.about) ?? [] })),
  }
}

async function ratingOf(ports: Ports, reportId: string, own: typeof cases.$inferSelect): Promise<RatingSeen> {
  const { rating } = await rulesOf(ports, own)
  const [given] = await ports.db
    .select()
    .from(ratings)
    .where(and(eq(ratings.reportId, reportId), eq(ratings.round, own.round)))
  return { scale: rating.scale, given: given?.value ?? null, open: caseCan(own.status, 'rate') }
}

async function consentsOf({ db }: Ports, reportId: string): Promise<View['consents']> {
  return db
    .select({ id: consents.id, agency: agencies.name, purpose: consents.purpose, state: consents.state })
    .from(consents)
    .innerJoin(agencies, eq(agencies.id, consents.agencyId))
    .where(eq(consents.reportId, reportId))
    .orderBy(consents.askedAt, consents.id)
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
