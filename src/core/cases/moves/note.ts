import type { Ports } from '../../act.ts'
import type { Officer } from '../../people/officer.ts'
import { masked } from '../masked.ts'
import { onCase } from '../operate.ts'
import type { Refused } from '../refused.ts'

interface Noting {
  readonly caseId: string
  readonly version: number
  readonly text: string
}

/** A remark for colleagues: it stands in the history and nowhere else. */
export function noteCase(ports: Ports, officer: Officer, { text, ...on }: Noting): Promise<Refused | undefined> {
  return onCase(ports, officer, { ...on, action: 'case.note' }, async (a, { root }) => {
    a.record({ of: 'case', id: root.id }, 'case.note', { text: await masked(a, root.id, text) })
  })
}
