import type { Ports } from '../../act.ts'
import type { Officer } from '../../people/officer.ts'
import { masked } from '../masked.ts'
import { onCase } from '../operate.ts'
import type { Refused } from '../refused.ts'
import { reply } from '../reply.ts'
import { withdrawAll } from './withdraw.ts'

interface Answering {
  readonly caseId: string
  readonly version: number
  readonly text: string
}

/** The intake knows the answer itself, with grounds enough (Quyết định 17/2022/QĐ-UBND, Điều 7 khoản 1 điểm b). */
export function answerDirectly(
  ports: Ports,
  officer: Officer,
  { text, ...on }: Answering,
): Promise<Refused | undefined> {
  return onCase(ports, officer, { ...on, action: 'case.publish', move: 'answer-directly' }, async (a, held) => {
    await withdrawAll(a, held.root, held.assignments)
    await reply(a, held.root, { text: await masked(a, held.root.id, text) })
  })
}

/** The intake has looked at an agency's result, mended its words where need be, and tells the reporters. */
export function replyToReporters(
  ports: Ports,
  officer: Officer,
  { text, ...on }: Answering,
): Promise<Refused | undefined> {
  return onCase(ports, officer, { ...on, action: 'case.publish', move: 'reply' }, async (a, { root, assignments }) => {
    const from = assignments.filter(({ role, state }) => role === 'lead' && state === 'answered').at(-1)!
    await reply(a, root, { text: await masked(a, root.id, text), from })
  })
}
