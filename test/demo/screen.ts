import type { WriteStream } from 'node:tty'
import type { DemoReport } from './report.ts'
import type { Row } from './row.ts'
import { drawTable, LEAST_WIDTH } from './table.ts'

/** What the one who watches sees. On a terminal the table stays in its place and changes; elsewhere each step is a line. */
export interface Screen {
  step(text: string): void
  show(rows: readonly Row[]): void
  /** The table as it stands at the end, below everything else. */
  end(rows: readonly Row[]): void
}

const NARROW = 120
const WIDE = 160

export function openScreen(out: WriteStream, reports: readonly DemoReport[]): Screen {
  const width = Math.min(out.isTTY ? out.columns : WIDE, WIDE)
  // Lines that wrap, or have left at the top, cannot be drawn over. Beside the reports: two lines of heads, the step, the cursor's.
  const live = out.isTTY && width >= LEAST_WIDTH && out.rows >= reports.length + 4
  let drawn = 0
  let said = ''
  let seen: readonly Row[] = []

  const clear = () => {
    if (drawn > 0) out.write(`\x1b[${drawn}F\x1b[J`)
    drawn = 0
  }
  const draw = () => {
    clear()
    const lines = [...drawTable({ reports, rows: seen, width, ended: false }), `▸ ${said}`.slice(0, width)]
    out.write(`${lines.join('\n')}\n`)
    drawn = lines.length
  }
  return {
    step: (text) => {
      said = text
      if (!live) out.write(`${text}\n`)
      else if (seen.length > 0) draw()
    },
    show: (rows) => {
      seen = rows
      if (live) draw()
    },
    end: (rows) => {
      clear()
      out.write(`\n${drawTable({ reports, rows, width: Math.max(width, NARROW), ended: true }).join('\n')}\n`)
    },
  }
}
