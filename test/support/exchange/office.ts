import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { type Behaviour, timeOf } from './behaviour.ts'
import type { Organ } from './check.ts'
import { pdf } from './pdf.ts'
import type { Step } from './plan.ts'
import type { Message, Sent, Store } from './store.ts'
import { type Answer, answerXml, documentIdOf, statusXml } from './write.ts'
import { zip } from './zip.ts'

const NOTATION = 'UBND'
/** Is an office that works by hand told to go on? */
const LOOK_MS = 20
const NOBODYS = '999999/KHONG-CO'

/** Does what an office means to do about a document, one step every `stepMs`, from where it was. */
export async function play(
  { sent, office, steps }: { sent: Sent; office: Organ; steps: readonly Step[] },
  by: { store: Store; behaviour: () => Behaviour; told: ReadonlyMap<string, string>; stop: AbortSignal },
): Promise<void> {
  for (const [index, step] of steps.entries()) {
    if (index < by.store.done(sent.docId, office.id).count) continue
    await wait(by.behaviour().stepMs, undefined, { signal: by.stop })
    const isTold = () => steps.findIndex(({ name }) => name === by.told.get(sent.docId)) >= index
    while (by.behaviour().byHand && !isTold() && !by.store.stopped.has(sent.docId))
      await wait(LOOK_MS, undefined, { signal: by.stop })
    if (by.store.stopped.has(sent.docId)) return
    const at = timeOf(by.behaviour()).toISOString()
    const messages = messagesOf({ sent, office, step, at }, by)
    by.store.append({ line: 'step', of: sent.docId, organ: office.id, at, step: index, name: step.name, messages })
  }
}

/** Writes the step's document, if one leaves the house, and lays it down as often as it goes out. */
function messagesOf(
  { sent, office, step, at }: { sent: Sent; office: Organ; step: Step; at: string },
  { store, behaviour }: { store: Store; behaviour: () => Behaviour },
): Message[] {
  if (step.kind === 'inside') return []
  const of = step.stray ? `${sent.from},${sent.documentId.split(',')[1]},${NOBODYS}` : sent.about
  const written = new Date(new Date(sent.at).getTime() + step.second * 1000)
  const about = { from: office.id, to: sent.from, at, code: step.code, responseFor: of }
  if (step.kind === 'status') {
    const edxml = statusXml({ from: office, of, code: step.code!, text: step.text, at: written })
    return laid({ ...about, messageType: 'status', documentId: of, subject: step.text }, { edxml, step, store })
  }
  const number =
    store.lines.filter((line) => line.line === 'step' && line.organ === office.id && answers(line)).length + 1
  const subject = `Trả lời văn bản ${of.split(',').slice(2).join(',')}`
  const answer: Answer = {
    from: office,
    to: { id: sent.from, inCharge: 'UBND tỉnh', name: sent.from },
    of,
    number: String(number),
    notation: NOTATION,
    subject,
    content: behaviour().answerText,
    at: written,
    file: fileOf(step, `${office.id} ${number}/${NOTATION} re ${of}`),
  }
  const documentId = documentIdOf(answer)
  return laid({ ...about, messageType: 'edoc', documentId, subject }, { edxml: answerXml(answer), step, store })
}

function laid(
  message: Omit<Message, 'docId'>,
  { edxml, step, store }: { edxml: Buffer; step: Step; store: Store },
): Message[] {
  return Array.from({ length: step.times }, () => {
    const docId = randomUUID()
    store.keep(docId, edxml)
    return { docId, ...message }
  })
}

function answers({ messages }: { readonly messages: readonly Message[] }): boolean {
  return messages.some(({ messageType }) => messageType === 'edoc')
}

function fileOf({ zipped }: Step, line: string): Answer['file'] {
  const name = 'ket-qua.pdf'
  const bytes = pdf(line)
  const packed = zipped ? zip([{ name, bytes }]) : bytes
  return { name, type: 'application/pdf', encoded: packed.toString('base64') }
}
