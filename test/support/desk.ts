import { eq } from 'drizzle-orm'
import { expect } from 'vitest'
import type { z } from 'zod'
import type { Profile } from '../../src/core/profile/profile.ts'
import { agencies, assignments, cases, deadlines, history, profiles, reports } from '../../src/core/tables/index.ts'
import type { Role } from '../../src/core/words.ts'
import { Problem } from '../../src/http/contract/problem.ts'
import { ReporterView } from '../../src/http/contract/reports.ts'
import { CaseView } from '../../src/http/contract/staff.ts'
import { citizens, type ReportForm } from './citizens.ts'
import { type SignedInOfficer, signedInAs } from './people.ts'
import { type TestServer, testServer } from './server.ts'

export type Seen = z.output<typeof CaseView>

export interface Filed {
  readonly form: ReportForm
  readonly code: string
  readonly reportId: string
  readonly caseId: string
}

export interface Said {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: each test looks at what it asked for
  readonly body: any
}

/** A province's officers at work over the API: the server, its agencies and signed-in people. No agency has software: each works at the desk. */
export interface Desk extends TestServer {
  /** Ids of agencies, the same in every run. */
  readonly agencies: readonly string[]
  as(role: Role, agencyId?: string): Promise<SignedInOfficer>
  /** By the portal; nothing is worked through where `untouched`. */
  report(more?: object, untouched?: 'untouched'): Promise<Filed>
  /** `operation`: such as `cases/assign`; with the version of the case as it is now, where the body has none. */
  ask(who: SignedInOfficer, operation: string, id: string, body?: object): Promise<Said>
  /** The same, and it must be done; then what is due is worked through. */
  do(who: SignedInOfficer, operation: string, id: string, body?: object): Promise<void>
  view(caseId: string): Promise<Seen>
  /** What the reporter says, or, without a body, sees. */
  citizen(filed: Filed, path?: string, body?: object): Promise<Said>
  told(filed: Filed): Promise<z.output<typeof ReporterView>>
  /** Every row of the case and of its parts: nothing was changed where two are equal. */
  whole(caseId: string): Promise<unknown>
}

interface Opening {
  readonly profile?: string
  /** Of the profile's versions, each. */
  readonly change?: (version: Profile['versions'][number]) => void
}

export async function openDesk({ profile = 'dien-bien', change }: Opening = {}): Promise<Desk> {
  const t = await testServer({}, profile)
  const { db } = t.ports
  if (change !== undefined) await rewrite(t, profile, change)
  const known = new Map<string, SignedInOfficer>()
  const people = citizens(11)
  const all = await db.select({ id: agencies.id }).from(agencies).orderBy(agencies.id)

  const send = async (headers: Readonly<Record<string, string>>, path: string, body?: object): Promise<Said> => {
    const answer = await fetch(`${t.url}/api/v1${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return { status: answer.status, body: await answer.json() }
  }
  const as = async (role: Role, agencyId?: string) => {
    const key = `${role} ${agencyId}`
    const officer = known.get(key) ?? (await signedInAs(t.ports, [role], agencyId === undefined ? [] : [agencyId]))
    known.set(key, officer)
    return officer
  }
  const versionOf = async (id: string): Promise<number> => {
    const [share] = await db.select({ caseId: assignments.caseId }).from(assignments).where(eq(assignments.id, id))
    const [own] = await db
      .select()
      .from(cases)
      .where(eq(cases.id, share?.caseId ?? id))
    return own?.joinedTo == null ? (own?.historySeq ?? 0) : versionOf(own.joinedTo)
  }
  /** The clock of a test moves by weeks, and everybody stays at their desk. */
  const awake = () =>
    db.$client.query('update session set last_seen_at = $1, created_at = $1, second_step_at = $1', [t.clock.now()])
  const ask = async (who: SignedInOfficer, operation: string, id: string, body: object = {}) => {
    await awake()
    const [noun, verb] = operation.split('/')
    return send(who.headers, `/${noun}/${id}/${verb}`, { version: await versionOf(id), ...body })
  }
  const opened = ({ code, form }: Filed, path = '') => `/reports/${code}${path}?phone=${form.phone.slice(-4)}`

  return {
    ...t,
    agencies: all.map(({ id }) => id),
    as,
    report: async (more = {}, untouched) => {
      const form = { ...people.next().value, lat: undefined, lng: undefined, ...more } as unknown as ReportForm
      const { status, body } = await send({}, '/reports', form)
      if (status !== 201) throw new Error(JSON.stringify(body))
      if (untouched === undefined) await t.work()
      const [report] = await db.select().from(reports).where(eq(reports.code, body.code))
      return { form, code: body.code, reportId: report?.id ?? '', caseId: report?.caseId ?? '' }
    },
    ask,
    do: async (who, operation, id, body) => {
      expect(await ask(who, operation, id, body)).toMatchObject({ status: 200 })
      await t.work()
    },
    view: async (caseId) => {
      await awake()
      const { body } = await send((await as('triage')).headers, `/cases/${caseId}`)
      return CaseView.parse(body)
    },
    citizen: (filed, path, body) => send({}, opened(filed, path), body),
    told: async (filed) => ReporterView.parse((await send({}, opened(filed))).body),
    whole: async (caseId) => {
      const [own] = await db.select().from(cases).where(eq(cases.id, caseId))
      const shares = await db.select().from(assignments).where(eq(assignments.caseId, caseId)).orderBy(assignments.id)
      const count = async (query: string) => (await db.$client.query(query, [caseId])).rows[0].count
      const of = `where assignment_id in (select id from assignment where case_id = $1)`
      return {
        ...{ own, shares },
        history: await db.$count(history, eq(history.chain, `case:${caseId}`)),
        deadlines: await db.select().from(deadlines).where(eq(deadlines.caseId, caseId)).orderBy(deadlines.id),
        deliveries: await count(`select count(*) || string_agg(state, '' order by id) as count from delivery ${of}`),
        words: await count(`select count(*) from assignment_word ${of}`),
        consents: await count(`select count(*) from consent ${of}`),
        notices: await count(
          `select count(*) from notice where report_id in (select id from report where case_id = $1)`,
        ),
        disclosures: await count(
          `select count(*) from disclosure where report_id in (select id from report where case_id = $1)`,
        ),
      }
    },
  }
}

/** `409 not-now`, `422 invalid-field upload`. */
export function problemOf({ status, body }: Said): string {
  const { type, errors = [] } = Problem.parse(body)
  return [status, type.replace('urn:paht:problem:', ''), ...errors.map(({ field }) => field)].join(' ')
}

async function rewrite(
  { ports: { db }, clock }: TestServer,
  id: string,
  change: (version: Profile['versions'][number]) => void,
): Promise<void> {
  const [kept] = await db.select().from(profiles).where(eq(profiles.id, id))
  const body = structuredClone(kept!.body) as Profile
  body.versions.forEach(change)
  await db.update(profiles).set({ body }).where(eq(profiles.id, id))
  // Past the time for which profiles are held in memory.
  clock.move(6000)
}
