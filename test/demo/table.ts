import caseWords from '../../locales/vi/case.json' with { type: 'json' }
import { missing } from './compare.ts'
import type { DemoReport } from './report.ts'
import type { Row } from './row.ts'

const STATES: Readonly<Record<string, string>> = {
  waiting: 'chờ liên thông',
  ready: 'đang chuyển',
  sent: 'ở trục',
  taken: 'đã nhận',
  rejected: 'bị từ chối',
  exhausted: 'hết lượt thử',
  failed: 'lỗi',
  'given-up': 'thôi chuyển',
}
const EVENTS: Readonly<Record<string, string>> = {
  received: 'nhận',
  repeated: 'trùng',
  asked: 'hỏi thêm',
  forwarded: 'chuyển',
  answer: 'trả lời',
}
const CHANNELS = {
  portal: 'cổng',
  mail: 'thư',
  messenger: 'Messenger',
  comment: 'bình luận',
  sms: 'SMS',
  hotline: 'gọi',
} as const satisfies Record<Row['channel'], string>
const ASIDE: Readonly<Record<string, string>> = { quarantined: 'Chờ đọc lại', 'set-aside': 'Để riêng' }
const WAITING: Readonly<Record<string, string>> = caseWords.waiting

export const waitingText = (reason: string): string => WAITING[reason] ?? reason

interface Column {
  readonly head: string
  readonly english: string
  /** It is cut to no less than this. */
  readonly least: number
  /** It takes no more than this. */
  readonly most?: number
  cell(row: Row, of: Placed): string
}

interface Placed {
  readonly number: number
  readonly report: DemoReport
  readonly rows: readonly Row[]
  readonly ended: boolean
}

const COLUMNS: readonly Column[] = [
  { head: '#', english: '', least: 2, cell: (_, { number }) => String(number) },
  { head: 'Phản ánh', english: 'report', least: 14, cell: (row) => row.name },
  { head: 'Lượt gửi', english: 'submission: its channel, status of HTTP or SMTP', least: 8, cell: sentCell },
  { head: 'Mã', english: 'code', least: 16, cell: (row) => row.code ?? '' },
  { head: 'Vụ việc', english: 'case', least: 11, cell: caseCell },
  { head: 'Cơ quan', english: 'agency, or why there is none', least: 14, cell: agencyCell },
  { head: 'Lượt chuyển', english: 'delivery: number of its document', least: 9, cell: deliveryCell },
  { head: 'Trả lời', english: 'answer', least: 7, most: 9, cell: (row) => row.answer ?? '' },
  {
    head: 'Thông báo',
    english: 'notices on that channel, in public, and in the view alone',
    least: 20,
    cell: noticesCell,
  },
  { head: '', english: '', least: 1, cell: signCell },
]
const GAP = '  '

export const LEGEND = COLUMNS.filter(({ english }) => english !== '')
  .map(({ head, english }) => `${head} = ${english}`)
  .join(' · ')
/** What no cutting makes narrower. */
export const LEAST_WIDTH = COLUMNS.reduce((sum, { least }) => sum + least, GAP.length * (COLUMNS.length - 1))

interface Drawing {
  readonly reports: readonly DemoReport[]
  readonly rows: readonly Row[]
  readonly width: number
  /** What has not arrived by now will not. */
  readonly ended: boolean
}

/** Lines of at most `width` characters. Vietnamese letters take one place each once they are composed (NFC). */
export function drawTable({ reports, rows, width, ended }: Drawing): string[] {
  const cells = reports.map((report, i) =>
    COLUMNS.map((column) => column.cell(rows[i]!, { number: i + 1, report, rows, ended }).normalize('NFC')),
  )
  const heads = COLUMNS.map(({ head }) => head.normalize('NFC'))
  const widths = widthsOf([heads, ...cells], width)
  const line = (texts: readonly string[]) =>
    texts
      .map((text, i) => pad(text, widths[i]!))
      .join(GAP)
      .trimEnd()
  return [line(heads), widths.map((w) => '─'.repeat(w)).join(GAP), ...cells.map(line)]
}

/** As wide as their texts; where that is too much, those give way first that have the most to give. */
function widthsOf(lines: readonly (readonly string[])[], width: number): number[] {
  const widths = COLUMNS.map(({ least, most = Infinity }, i) =>
    Math.min(most, Math.max(least, ...lines.map((texts) => [...texts[i]!].length))),
  )
  const room = width - GAP.length * (COLUMNS.length - 1)
  for (let over = widths.reduce((sum, w) => sum + w, 0) - room; over > 0; over--) {
    const spare = widths.map((w, i) => w - COLUMNS[i]!.least)
    const most = Math.max(...spare)
    if (most === 0) break
    widths[spare.indexOf(most)]! -= 1
  }
  return widths
}

function pad(text: string, width: number): string {
  const characters = [...text]
  return characters.length > width
    ? `${characters.slice(0, width - 1).join('')}…`
    : text + ' '.repeat(width - characters.length)
}

function sentCell({ channel, reply, sent }: Row): string {
  if (reply === null) return ''
  return `${CHANNELS[channel]} ${reply}${sent === 1 ? '' : ` ×${sent}`}`
}

function caseCell(row: Row, { rows }: Placed): string {
  if (row.aside !== null) return ASIDE[row.aside.state] ?? row.aside.state
  if (row.joinedTo === null) return row.statusText ?? ''
  const survivor = rows.findIndex((one) => one.caseId === row.joinedTo && one.joinedTo === null)
  return `gộp vào #${survivor + 1}`
}

function agencyCell({ agency, waitingFor, aside }: Row): string {
  return agency ?? aside?.reason ?? (waitingFor === null ? '' : waitingText(waitingFor))
}

/** As people name a letter: by its number, `…,10/PC-IOC` at the end of its DocumentId. */
function deliveryCell({ delivery, deliveryKind, documentId }: Row): string {
  if (delivery === null) return ''
  const number = /,(\d+)\/[^,]*$/.exec(documentId ?? '')?.[1]
  const state = delivery === 'taken' && number !== undefined ? `số ${number}` : (STATES[delivery] ?? delivery)
  return `${state}${deliveryKind === 'addition' ? ' (bổ sung)' : ''}`
}

function noticesCell({ notices, publicly, inView }: Row): string {
  const named = (events: readonly string[]) => events.map((event) => EVENTS[event] ?? event).join(', ')
  const more = inView.filter((event) => !notices.includes(event))
  return [
    named(notices),
    ...(publicly > 0 ? ['công khai'] : []),
    ...(more.length > 0 ? [`xem: ${named(more)}`] : []),
  ].join('; ')
}

function signCell(row: Row, { report, rows, ended }: Placed): string {
  if (row.reply === null) return ended ? '✗' : ''
  if (missing(report, rows).length === 0) return '✓'
  return ended ? '✗' : '…'
}
