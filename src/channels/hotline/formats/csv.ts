import { CsvError, parse } from 'csv-parse/sync'
import { fold } from '../../../normalize/text.ts'
import { toCall } from '../call.ts'
import known from '../locales/labels.json' with { type: 'json' }
import { splitByLabels } from '../speakers.ts'
import { type FormatReader, MOST_CALLS } from './reader.ts'

type Column = keyof typeof known.columns

const name = (text: string) => fold(text).replaceAll(' ', '')
const COLUMNS = new Map(
  Object.entries(known.columns).flatMap(([column, names]) =>
    names.map((one) => [name(one), column as Column] as const),
  ),
)

/** A list of calls, one a row, as telephone systems write it out; which column is which its first row says. */
export const readCsv: FormatReader = async (text, settings) => {
  const rows = rowsOf(text)
  if ('unreadable' in rows) return rows
  const [head = [], ...body] = rows
  const columns = head.map((title) => COLUMNS.get(name(title.slice(0, 100))))
  if (columns.every((column) => column === undefined)) return { unreadable: 'a table without a column of calls' }
  if (body.length > MOST_CALLS) return { unreadable: `more than ${MOST_CALLS} calls` }
  return body.map((cells) => {
    const cell = (column: Column) => cells[columns.indexOf(column)]
    return toCall(
      {
        id: cell('id'),
        from: cell('from'),
        name: cell('name'),
        startedAt: cell('startedAt'),
        recordingUrl: cell('recordingUrl'),
      },
      splitByLabels(cell('transcript') ?? '', settings),
    )
  })
}

function rowsOf(text: string): string[][] | { readonly unreadable: string } {
  try {
    return parse(text, {
      delimiter: separatorOf(text),
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      trim: true,
      to: MOST_CALLS + 2,
    })
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    return { unreadable: `no table: ${error.code}` }
  }
}

/** Excel writes semicolons where the comma is the decimal sign, as in Vietnam. */
function separatorOf(text: string): string {
  const [head = ''] = text.slice(0, 5000).split('\n', 1)
  const count = (separator: string) => head.split(separator).length
  return [',', ';', '\t'].reduce((best, separator) => (count(separator) > count(best) ? separator : best))
}
