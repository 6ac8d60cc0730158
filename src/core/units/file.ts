import { z } from 'zod'
import { type FileProblem, readYaml } from '../yaml.ts'
import { dayBefore, type Unit, type UnitLink, validOn } from './unit.ts'

const Code = z
  .string({ error: 'a code stands in quotes, or YAML reads a number and loses its zeros' })
  .regex(/^(\d{2}|\d{3}|\d{5})$/, 'a code of the register has 2 (province), 3 (district) or 5 (commune) digits')
const Name = z.string().trim().min(1)
const Centre = z
  .tuple([z.number().min(-90).max(90), z.number().min(-180).max(180)])
  .transform(([lat, lng]) => ({ lat, lng }))
const period = { from: z.iso.date(), to: z.iso.date().nullable().default(null).describe('The last day in force') }

const UnitEntry = z.strictObject({
  code: Code,
  ...period,
  type: Name,
  name: Name,
  aliases: z.array(Name).default([]),
  parent: Code.nullable().default(null),
  centre: Centre.nullable().default(null),
  radius: z.int().positive().nullable().default(null),
})
const LinkEntry = z.strictObject({
  at: z.iso.date(),
  new: Code,
  full: z.array(Code).default([]),
  partial: z.array(Code).default([]),
})
const AgencyEntry = z.strictObject({
  code: z.string().max(35).describe('edXML OrganId: at most 35 characters since amendment 1:2022 of QCVN 102:2016'),
  placeholder: z.boolean().default(false).describe('Not the code that the exchange knows the agency by'),
  name: Name,
  aliases: z.array(Name).default([]),
  unit: Code,
  functions: z
    .array(z.string().regex(/^[a-z][a-z0-9-]*$/))
    .default([])
    .describe('What it is in charge of, beside a place'),
  ...period,
})
/** Agencies that have a function and not only a place; `unit` is the highest that they act in, left out: the province. */
const AgenciesFile = z.strictObject({
  agencies: z
    .array(AgencyEntry.extend({ id: z.string().regex(/^[a-z][a-z0-9-]{0,40}$/), unit: Code.optional() }))
    .min(1)
    .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, 'an id stands twice'),
})
export type AgenciesFile = z.output<typeof AgenciesFile>

const File = z.strictObject({
  province: Code,
  units: z.array(UnitEntry).min(1).max(5000),
  links: z.array(LinkEntry).default([]),
  agencies: z.array(AgencyEntry).default([]),
})
type File = z.output<typeof File>

/** An agency as the file gives it; `unit` and the period say which unit it is in charge of. */
export type AgencyEntry = z.output<typeof AgencyEntry>

export interface UnitsFile {
  readonly province: string
  readonly units: readonly Unit[]
  readonly links: readonly UnitLink[]
  readonly agencies: readonly AgencyEntry[]
}

const UnitsFile = File.superRefine((file, context) => {
  const complain = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message })
  checkUnits(file, complain)
  checkLinks(file, complain)
  for (const [i, agency] of file.agencies.entries()) {
    if (!stands(file, agency.unit, agency.from))
      complain(['agencies', i, 'unit'], `no unit ${agency.unit} on ${agency.from}`)
  }
}).transform(
  ({ links, ...file }): UnitsFile => ({
    ...file,
    links: links.flatMap((link) =>
      (['full', 'partial'] as const).flatMap((kind) =>
        link[kind].map((oldCode) => ({ oldCode, newCode: link.new, kind, at: link.at })),
      ),
    ),
  }),
)

/** Reads a file of `data/units`: the form of each entry, and that every code it mentions names a unit of that day. */
export function readUnitsFile(
  text: string,
): { readonly value: UnitsFile } | { readonly problems: readonly FileProblem[] } {
  return readYaml(text, UnitsFile)
}

/** Reads a file of `data/agencies`. */
export function readAgenciesFile(text: string): ReturnType<typeof readYaml<AgenciesFile>> {
  return readYaml(text, AgenciesFile)
}

type Complain = (path: (string | number)[], message: string) => void

function checkUnits(file: File, complain: Complain): void {
  if (!file.units.some((unit) => unit.code === file.province)) complain(['province'], `no unit ${file.province}`)
  const seen = new Map<string, File['units']>()
  for (const [i, unit] of file.units.entries()) {
    if (unit.to !== null && unit.to < unit.from) complain(['units', i, 'to'], `ends before it begins on ${unit.from}`)
    if (unit.parent !== null && unit.parent.length >= unit.code.length)
      complain(['units', i, 'parent'], 'a parent is of a higher tier')
    else if (unit.parent !== null && !stands(file, unit.parent, unit.from))
      complain(['units', i, 'parent'], `no unit ${unit.parent} on ${unit.from}`)
    const others = seen.get(unit.code) ?? []
    if (others.some((other) => validOn(other, unit.from) || validOn(unit, other.from))) {
      complain(['units', i, 'code'], `${unit.code} stands twice for the same days`)
    }
    seen.set(unit.code, [...others, unit])
  }
}

function checkLinks(file: File, complain: Complain): void {
  for (const [i, link] of file.links.entries()) {
    if (!stands(file, link.new, link.at)) complain(['links', i, 'new'], `no unit ${link.new} on ${link.at}`)
    for (const kind of ['full', 'partial'] as const) {
      for (const [j, old] of link[kind].entries()) {
        const last = dayBefore(link.at)
        if (!stands(file, old, last)) complain(['links', i, kind, j], `no unit ${old} on ${last}, the day before`)
      }
    }
  }
}

function stands(file: File, code: string, day: string): boolean {
  return file.units.some((unit) => unit.code === code && validOn(unit, day))
}
