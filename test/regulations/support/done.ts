import { expect } from 'vitest'
import type { Answer, Person } from './province.ts'

/** What an officer did was done. */
export async function done(answer: Promise<Answer>): Promise<Answer['body']> {
  const { status, body } = await answer
  expect(status, JSON.stringify(body)).toBe(200)
  return body
}

/** Whoever is on duty takes the ring about a case. */
export async function takeRing(who: Person, caseId: string): Promise<void> {
  const { items } = (await who.get('/rings')).body as { items: readonly { id: string; caseId: string }[] }
  await done(who.post(`/rings/${items.find((ring) => ring.caseId === caseId)?.id}/take`))
}
