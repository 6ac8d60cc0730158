import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Profile } from '../../../src/core/profile/profile.ts'
import { readYaml } from '../../../src/core/yaml.ts'
import { citizens } from '../../support/citizens.ts'
import { Opened } from '../../support/opened.ts'
import { until } from '../../support/until.ts'
import { ask } from './ask.ts'
import { citizenOf, sendForm } from './citizen.ts'
import type { Hub } from './hub.ts'
import { inProcessHubs } from './in-process-hub.ts'
import { both, exchangeOffices, NO_OFFICES, type Offices, type Opening, type Way, webhookOffices } from './offices.ts'
import { person } from './people.ts'
import { processHub } from './process-hub.ts'
import { type CaseSeen, instant, type Office, type Person, type Province, type ReportForm } from './province.ts'
import { openTelephones } from './telephones.ts'

export interface ProvinceOptions {
  readonly office: Way
  /** Ids of agencies that are behind the document exchange, whatever the others are. */
  readonly exchange?: readonly string[]
  /** The hour in Vietnam at which it begins, `YYYY-MM-DD HH:mm`. */
  readonly start: string
  /** Of the config file: beside those of the profile. */
  readonly agencies?: readonly object[]
  readonly sources?: readonly object[]
}

/** A profile as it ships. */
export async function shippedProfile(id: string): Promise<Profile> {
  const read = readYaml(await readFile(join(import.meta.dirname, `../../../profiles/${id}.yaml`), 'utf8'), Profile)
  if ('problems' in read) throw new Error(JSON.stringify(read.problems))
  return read.value
}

/** The built product as a process, its offices as processes, the clock for trials. */
export function openProvince({ profile: id, ...options }: ProvinceOptions & { profile: string }): Promise<Province> {
  return Opened.whole(async (opened) => {
    const profile = await shippedProfile(id)
    return whole(opened, { profile, options, apart: true }, (folder) =>
      processHub(folder, { profile: id, start: instant(options.start) }),
    )
  })
}

/** The same surface in this process: a province from its beginning as often as asked for, by a profile as given. Its rules may be others than those that ship. */
export interface Provinces {
  open(from: { readonly profile: Profile; readonly start: string }): Promise<Province>
  close(): Promise<void>
}

/** One province after the other; with all that they begin with opened once. */
export async function provincesInProcess({
  profile: id,
  ...options
}: ProvinceOptions & { readonly profile: string }): Promise<Provinces> {
  const hubs = await inProcessHubs(id)
  return {
    open: ({ profile, start }) =>
      Opened.whole((opened) =>
        whole(opened, { profile, options, apart: false }, () => hubs.open({ profile, start: instant(start) })),
      ),
    close: () => hubs.close(),
  }
}

interface Whole {
  readonly profile: Profile
  readonly options: ProvinceOptions
  readonly apart: boolean
}

async function whole(
  opened: Opened,
  { profile, options, apart }: Whole,
  openHub: (folder: string) => Promise<Hub>,
): Promise<Province> {
  const folder = await mkdtemp(join(tmpdir(), 'paht-province-'))
  opened.add(() => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }))
  const hub = await openHub(folder)
  opened.add(() => hub.close())
  const opening = { folder, apart, urlOfHub: hub.url }
  const most = await openOffices(options.office, opening)
  opened.add(() => most.close())
  const behind = options.exchange && (await exchangeOffices(opening, options.exchange))
  if (behind !== undefined) opened.add(() => behind.close())
  const offices = behind === undefined ? most : both(most, behind)
  await offices.setTime(hub.now())
  const { agencies = [], sources = [] } = options
  await hub.apply({ links: offices.links, sources, agencies } as never)
  return province(hub, { profile, offices, apart, close: () => opened.close() })
}

const openOffices = (way: Way, opening: Opening): Promise<Offices> =>
  way === 'webhook'
    ? webhookOffices(opening)
    : way === 'exchange'
      ? exchangeOffices(opening)
      : Promise.resolve(NO_OFFICES)

interface Making {
  readonly profile: Profile
  readonly offices: Offices
  readonly apart: boolean
  close(): Promise<void>
}

/** An exchange is asked every second; a clock that stands still has to be moved for that. */
const A_SECOND = 1000

async function province(hub: Hub, { profile, offices, apart, close }: Making): Promise<Province> {
  const caseOfAssignment = new Map<string, string>()
  const people = new Map<string, Person>()
  const agencies = (await ask(hub, hub.token, 'GET', '/agencies')).body.items as readonly { id: string; name: string }[]
  const everybody = citizens(1)

  const settled = async () => {
    await until('nothing due is left', async () => {
      if ((await hub.rest()) && (offices === NO_OFFICES || ((await offices.isHeard()) && (await hub.rest()))))
        return true
      if (!apart) await hub.move(new Date(hub.now().getTime() + A_SECOND))
      return undefined
    })
  }
  /** Whatever changes something waits for what comes of it, so there is nothing to wait for here. */
  const caseOf = async (code: string): Promise<CaseSeen> => {
    const { items } = (await ask(hub, hub.token, 'GET', `/cases?code=${code}`)).body
    const seen = (await ask(hub, hub.token, 'GET', `/cases/${items[0].id}`)).body as CaseSeen
    for (const { id } of seen.assignments) caseOfAssignment.set(id, seen.joinedTo ?? seen.id)
    return seen
  }
  /** Of somebody else each time, about another matter; all at one place unless said otherwise. */
  const filledIn = (form: ReportForm): ReportForm => ({ ...everybody.next().value, ...PLACES[profile.id], ...form })
  const send = async (form: ReportForm) => {
    const answer = await sendForm(hub, form)
    await settled()
    return answer
  }
  const office = (agencyId: string): Office => {
    const deliveriesOf = async (code: string) =>
      (await caseOf(code)).deliveries.filter((delivery) => delivery.agencyId === agencyId).reverse()
    return {
      got: async (code) => {
        const got = await Promise.all((await deliveriesOf(code)).map((delivery) => offices.got(delivery)))
        return got.filter((one) => one !== undefined)
      },
      says: async (code, kind, text = '') => {
        await offices.setTime(hub.now())
        const delivery = (await deliveriesOf(code)).find((one) => one.kind === 'case')
        if (delivery === undefined) throw new Error(`${agencyId} has nothing about ${code}`)
        await offices.says(delivery, kind, text)
        await settled()
      },
    }
  }
  return {
    profile,
    caseOf,
    send: (form) => send(filledIn(form)),
    office,
    telephones: () => openTelephones(hub, { profile: profile.id, settled }),
    at: async (time) => {
      const to = instant(time)
      if (to < hub.now()) throw new Error(`it is later than ${time} already: ${hub.now().toISOString()}`)
      await offices.setTime(to)
      await hub.move(to)
      await settled()
    },
    report: async (form = {}) => {
      const sent = filledIn(form)
      const { status, body } = await send(sent)
      if (status !== 201) throw new Error(`not taken: ${JSON.stringify(body)}`)
      const key = new URL(body.link).searchParams.get('key')!
      return citizenOf(hub, { code: body.code, key, phone: String(sent['phone']), settled })
    },
    officer: (role, agency) => {
      const login = [role, ...(agency === undefined ? [] : [agency])].join('.')
      const known = people.get(login) ?? person(hub, { login, role, agency }, (id) => caseOfAssignment.get(id) ?? id)
      people.set(login, known)
      return settling(known, settled)
    },
    agency: (name) => {
      const found = agencies.find((one) => one.name === name)
      if (found === undefined) throw new Error(`no agency ${name}`)
      return found.id
    },
    close,
  }
}

/** What an officer does has its consequences at once. */
function settling(known: Person, settled: () => Promise<void>): Person {
  return {
    ...known,
    post: async (path, body) => {
      const answer = await known.post(path, body)
      await settled()
      return answer
    },
  }
}

/** Where an ordinary report of a province lies, and what its form must name beside. */
const PLACES: Readonly<Record<string, ReportForm>> = {
  'dien-bien': { lat: 21.41584, lng: 103.05651 },
  hcmc: { lat: 10.96617, lng: 106.66106, address: 'Số 12, đường 3/2, phường Thủ Dầu Một' },
}
