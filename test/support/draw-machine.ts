import { ASSIGNMENT_MOVES, CASE_MOVES, type CaseMoveName, caseCan, isEnd } from '../../src/core/cases/machine.ts'
import { ASSIGNMENT_STATES, CASE_STATUSES } from '../../src/core/words.ts'

/** `docs/states.md`, from the code: what is drawn there is what holds. */
export function drawMachine(): string {
  return `# States

Drawn from [\`core/cases/machine.ts\`](../src/core/cases/machine.ts); the test beside it fails where this page is not what holds.

## An assignment: one agency's share in a case

\`\`\`mermaid
stateDiagram-v2
  [*] --> open
${arrows().join('\n')}
${ASSIGNMENT_STATES.filter(isEnd)
  .map((state) => `  ${state} --> [*]`)
  .join('\n')}
\`\`\`

| move | by | clocks hear |
| --- | --- | --- |
${Object.entries(ASSIGNMENT_MOVES)
  .map(([name, { by, ...move }]) => `| ${name} | ${by.join(', ')} | ${'event' in move ? move.event : ''} |`)
  .join('\n')}

## A case

Its status is computed from its facts by [\`statusOf\`](../src/core/cases/status.ts) and from nothing else. What can be done with a case depends on it:

| | ${CASE_STATUSES.join(' | ')} | by | clocks hear |
|${' --- |'.repeat(CASE_STATUSES.length + 3)}
${Object.entries(CASE_MOVES)
  .map(([name, { by, ...move }]) => {
    const may = CASE_STATUSES.map((status) => (caseCan(status, name as CaseMoveName) ? '✓' : ''))
    return `| ${name} | ${may.join(' | ')} | ${by.join(', ')} | ${'event' in move ? move.event : ''} |`
  })
  .join('\n')}
`
}

function arrows(): string[] {
  const byEnds = new Map<string, string[]>()
  for (const [name, { from, to }] of Object.entries(ASSIGNMENT_MOVES))
    for (const state of from) {
      const ends = `${state} --> ${to}`
      byEnds.set(ends, [...(byEnds.get(ends) ?? []), name])
    }
  return [...byEnds].map(([ends, names]) => `  ${ends}: ${names.join(', ')}`)
}
