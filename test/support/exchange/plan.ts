import type { Behaviour } from './behaviour.ts'
import type { Edoc } from './check.ts'

/** One thing an office does about a document: inside the house, or with a message to the hub. */
export interface Step {
  readonly name: string
  readonly kind: 'inside' | 'status' | 'answer'
  readonly code: string | null
  readonly text: string
  /** How often the same bytes go out. */
  readonly times: 1 | 2
  /** In which second after the document was taken, by the office's own clock. */
  readonly second: number
  /** About a document that nobody sent. */
  readonly stray: boolean
  /** The answer's PDF goes in a zip. */
  readonly zipped: boolean
}

type Draft = Pick<Step, 'name' | 'kind' | 'text'> & Partial<Step>

/** QĐ 663/QĐ-UBND (Điện Biên) Điều 7.1, as it shows outside: văn thư, lãnh đạo, đơn vị, dự thảo, phê duyệt, kết quả. */
const ARTICLE_7: readonly Draft[] = [
  status('01', 'Đã đến, văn thư chưa xử lý'),
  status('03', 'Văn thư: đã tiếp nhận, vào sổ văn bản đến, trình lãnh đạo'),
  status('04', 'Lãnh đạo: giao đơn vị chức năng xử lý'),
  status('05', 'Đơn vị chức năng: đang xử lý'),
  { name: 'draft', kind: 'inside', text: 'Đơn vị chức năng: trình dự thảo kết quả' },
  { name: 'approval', kind: 'inside', text: 'Lãnh đạo: phê duyệt' },
  status('06', 'Văn thư: hoàn thành'),
]

/** What an office will do with a document that has just come; `taken` counts those before it. */
export function stepsFor(edoc: Edoc, behaviour: Behaviour, taken: number): Step[] {
  const drafts = draftsFor(edoc, behaviour)
  const steps = drafts.map((draft, second) => finished(draft, { behaviour, second, taken }))
  return behaviour.outOfOrder ? steps.toReversed() : steps
}

function draftsFor(edoc: Edoc, behaviour: Behaviour): Draft[] {
  if (edoc.code === '13' || edoc.docType > 0) return [takenBack(behaviour)]
  if (edoc.messageType === 'status') return []
  const strays: Draft[] = behaviour.unknownDocument.map((kind) => ({
    ...(kind === 'status' ? status('03', 'Văn thư: đã tiếp nhận') : answer()),
    name: `stray ${kind}`,
    stray: true,
  }))
  if (behaviour.refuse !== null) return [...strays, ARTICLE_7[0]!, status('02', behaviour.refuse)]
  const all = [...ARTICLE_7, answer()]
  // What adds to a document lies in that document's file: it is registered, the answer is the first one's.
  const until = edoc.responseFor.length > 0 && behaviour.until !== 'nothing' ? '03' : behaviour.until
  const reached = all.slice(0, all.findIndex(({ name }) => name === until) + 1)
  if (behaviour.unknownCode !== null && reached.length > 1) {
    reached.splice(2, 0, status(behaviour.unknownCode, 'Trạng thái riêng của phần mềm'))
  }
  return [...strays, ...reached]
}

function finished(draft: Draft, { behaviour, second, taken }: { behaviour: Behaviour; second: number; taken: number }) {
  const twice = (draft.kind === 'status' && behaviour.sendTwice) || (draft.kind === 'answer' && behaviour.answerTwice)
  const zipped = behaviour.answerFile === 'alternate' ? taken % 2 === 1 : behaviour.answerFile === 'zip'
  return { code: null, stray: false, ...draft, second, times: twice ? 2 : 1, zipped } satisfies Step
}

function takenBack({ takeBack }: Behaviour): Draft {
  return takeBack === 'agree' ? status('15', 'Đồng ý lấy lại/cập nhật') : status('16', 'Từ chối lấy lại/cập nhật')
}

function status(code: string, text: string): Draft {
  return { name: code, kind: 'status', code, text }
}

function answer(): Draft {
  return { name: 'answer', kind: 'answer', text: '' }
}
