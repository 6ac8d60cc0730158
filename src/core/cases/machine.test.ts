import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { drawMachine } from '../../../test/support/draw-machine.ts'
import { ASSIGNMENT_STATES, type AssignmentState, CASE_STATUSES, type CaseStatus } from '../words.ts'
import {
  ASSIGNMENT_MOVES,
  type AssignmentMoveName,
  CASE_MOVES,
  type CaseMoveName,
  canMove,
  caseCan,
  isEnd,
} from './machine.ts'

/** Written out once more: a move that is added or widened is seen here. `+` may, `-` may not; in the order of the states. */
const ASSIGNMENT: Readonly<Record<AssignmentMoveName, string>> = {
  //            open delivered accepted in-progress for-approval answered returned forwarded withdrawn
  deliver: '     +       -        -         -            -          -        -         -         -',
  accept: '      +       +        -         -            -          -        -         -         -',
  work: '        +       +        +         -            -          -        -         -         -',
  interim: '     +       +        +         +            -          -        -         -         -',
  submit: '      +       +        +         +            -          -        -         -         -',
  'send-back': ' -       -        -         -            +          -        -         -         -',
  approve: '     -       -        -         -            +          -        -         -         -',
  answer: '      +       +        +         +            -          -        -         -         -',
  return: '      +       +        +         +            +          -        -         -         -',
  forward: '     +       +        +         +            +          -        -         -         -',
  withdraw: '    +       +        +         +            +          -        -         -         -',
}

const CASE: Readonly<Record<CaseMoveName, string>> = {
  // received waiting asked refused dispatching dispatched accepted in-progress for-approval result answered rated closed joined
  assign: '            + + + - - - - - - - - - - -',
  involve: '           - - - - + + + + - - - - - -',
  ask: '               + + + - + + + + + - - - - -',
  complete: '          - - + - - - - - - - - - - -',
  refuse: '            + + + - + + + + + - - - - -',
  hide: '              + + + + + + + + + + + + + -',
  show: '              + + + + + + + + + + + + + -',
  'answer-directly': ' + + + - - - - - - - - - - -',
  reply: '             - - - - - - - - - + - - - -',
  rate: '              - - - - - - - - - - + + + -',
  dispute: '           - - - + - - - - - - + + + -',
  reopen: '            - - - + - - - - - - + + + -',
  close: '             - - - + - - - - - - + + - -',
  escalate: '          + + + - + + + + + + + + - -',
  correct: '           + + + - + + + + + - - - - -',
}

const signs = (row: string) => row.trim().split(/\s+/)

describe('an assignment', () => {
  it.each(Object.entries(ASSIGNMENT))('moves by %s from these states and no other', (move, row) => {
    const may = ASSIGNMENT_STATES.map((state) => (canMove(state, move as AssignmentMoveName) ? '+' : '-'))
    expect(may).toEqual(signs(row))
  })

  it('moves forward only, but for the draft that a leader sends back', () => {
    const rank = (state: AssignmentState) => ASSIGNMENT_STATES.indexOf(state)
    for (const [name, { from, to }] of Object.entries(ASSIGNMENT_MOVES))
      for (const state of from)
        if (name !== 'send-back' && !(name === 'interim' && state === to)) expect(rank(to)).toBeGreaterThan(rank(state))
  })

  it('ends where no move begins', () => {
    const moves = Object.keys(ASSIGNMENT_MOVES) as AssignmentMoveName[]
    for (const state of ASSIGNMENT_STATES) expect(isEnd(state)).toBe(!moves.some((move) => canMove(state, move)))
  })
})

describe('a case', () => {
  it.each(Object.entries(CASE))('can be moved by %s from these statuses and no other', (move, row) => {
    const may = CASE_STATUSES.map((status) => (caseCan(status, move as CaseMoveName) ? '+' : '-'))
    expect(may).toEqual(signs(row))
  })

  it('is moved no more once it was put into another', () => {
    const moves = Object.keys(CASE_MOVES) as CaseMoveName[]
    expect(moves.filter((move) => caseCan('joined' satisfies CaseStatus, move))).toEqual([])
  })
})

it('is drawn in the documents as it is (UPDATE_DOCS=1 draws it anew)', () => {
  const file = new URL('../../../docs/states.md', import.meta.url)
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(file, drawMachine())
  expect(readFileSync(file, 'utf8')).toBe(drawMachine())
})
