import { agrees, EXTRACTED } from './agree.ts'
import type { Judged } from './judged.ts'
import type { Figures } from './measure.ts'
import type { Ratio } from './ratio.ts'

type Row = readonly [name: string, ...cells: string[]]

/** Every figure, a column a profile. */
export function print(all: Figures, profiles: ReadonlyMap<string, Figures>): void {
  const columns = [['all', all] as const, ...profiles]
  const rows: Row[] = [['', ...columns.map(([name]) => name)]]
  const add = (name: string, of: (figures: Figures) => string) => rows.push([name, ...columns.map(([, f]) => of(f))])
  for (const field of [...EXTRACTED, 'ward_named'] as const) add(field, (f) => percent(f.extraction[field]))
  for (const field of ['petition', 'spam', 'urgent', 'abusive', 'confidential'] as const)
    add(`${field}  P R F1`, (f) => three(f.screening[field]))
  for (const code of ['name', 'phone', 'place', 'content'] as const)
    add(`missing ${code}  P R F1`, (f) => three(f.missing[code]))
  add('linked  P R F1', (f) => three(f.duplicates.linked))
  add('suggested  P R F1', (f) => three(f.duplicates.suggested))
  add('suggestions per report', (f) => f.duplicates.suggested.per_report.toFixed(2))
  add('best F1', (f) => percent(f.duplicates.best_f1))
  add('follow-ups attached', (f) => percent(f.followup))
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)))
  for (const row of rows)
    console.log(row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  '))
}

/** Each line on which the product and the label differ, and how. */
export function printMisses(judged: readonly Judged[]): void {
  for (const one of judged) {
    const { line, said } = one
    const { gold } = line
    if (said === undefined) {
      console.log(`\n${line.id}: ended as nothing`)
      continue
    }
    const wrong: string[] = []
    const differ = (field: string, got: unknown, wanted: unknown) =>
      wrong.push(`${field}: ${JSON.stringify(got)}, not ${JSON.stringify(wanted)}`)
    if (gold.kind === 'report')
      for (const field of EXTRACTED) {
        if (agrees(field, one)) continue
        const wanted = { ...gold, ...NAMES(gold), category_top3: gold.category }
        const got = { ...said, category_top3: said.categories.slice(0, 3), occurred_at: said.occurredAt }
        differ(field, (got as Record<string, unknown>)[field], (wanted as Record<string, unknown>)[field])
      }
    for (const kind of ['petition', 'spam'] as const)
      if ((gold.kind === kind) !== (said.kind === kind)) differ('kind', said.kind, gold.kind)
    for (const flag of ['urgent', 'abusive', 'confidential'] as const)
      if (said[flag] !== gold[flag]) differ(flag, said[flag], gold[flag])
    if (gold.kind === 'report' && gold.missing.toSorted().join() !== said.missing.toSorted().join())
      differ('missing', said.missing, gold.missing)
    if (wrong.length > 0) console.log(`\n${line.id}  ${JSON.stringify(line.raw)}\n  ${wrong.join('\n  ')}`)
  }
}

const NAMES = (gold: Judged['line']['gold']) => ({
  ...{ phone: gold.reporter_phone, email: gold.reporter_email, name: gold.reporter_name },
})

const percent = (value: number): string => (100 * value).toFixed(1)

const three = ({ precision, recall, f1 }: Ratio): string => [precision, recall, f1].map(percent).join(' ')
